/**
 * The index of the search texts, made in the background of what `job_search` holds: blocks of jobs, and for each the
 * postings of its grams in shelves. Seqs that no block covers are searched without it.
 */
export const CREATE_SEARCH_INDEX = `
CREATE TABLE search_blocks (
  block INTEGER PRIMARY KEY,
  first_seq INTEGER NOT NULL UNIQUE,
  -- Exclusive.
  end_seq INTEGER NOT NULL UNIQUE,
  -- Jobs whose text is too long for the index: they always have to be looked at.
  long_texts BLOB NOT NULL
) STRICT;

-- No foreign key: a block and its shelves are written, and removed, together.
CREATE TABLE search_shelves (
  -- The block's number times the shelves of a block, plus the shelf.
  shelf INTEGER PRIMARY KEY,
  postings BLOB NOT NULL
) STRICT;
`;
