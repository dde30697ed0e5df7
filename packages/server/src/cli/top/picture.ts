import type { JobCounts, JobStatus } from '@drover/client/job';
import { bold, dim, statusPaint } from '../display/paint.ts';
import { type Cell, createTable } from '../display/table.ts';
import { truncate, visibleText } from '../display/visible-text.ts';
import { type Section, sectionsOf } from './sections.ts';
import { shareRows } from './share-rows.ts';
import type { Snapshot } from './snapshot.ts';

export interface Frame {
  /** The first line. */
  title: Cell;
  /** What lines are made to fit into; null for no limit. */
  columns: number | null;
  /** No more lines than these; null for no limit. */
  rows: number | null;
  /** Where the picture is to be seen, which decides on colours. */
  stream: NodeJS.WriteStream;
}

const STATUSES: readonly JobStatus[] = ['RUNNING', 'PENDING', 'SUCCEEDED', 'FAILED', 'STOPPED'];
const GAP = '  ';
/** Title and counts. */
const HEAD_ROWS = 2;
/** The blank line in front of a section, and its header. */
const SECTION_HEAD_ROWS = 2;

/** The picture that `drover top` shows, line by line. */
export function drawPicture(snapshot: Snapshot, frame: Frame): string[] {
  const rows = frame.rows ?? Number.MAX_SAFE_INTEGER;
  const sections = sectionsOf(snapshot, frame.stream);
  // One more than is known for the line that says how many are not.
  const wanted = sections.map(({ known, total }) => Math.min(total, known + 1));
  const shares = shareRows(wanted, rows - HEAD_ROWS - SECTION_HEAD_ROWS * sections.length);
  const lines = [
    titleLine(frame),
    countsLine(snapshot.jobs, frame),
    ...sections.flatMap((section, index) => ['', ...sectionLines(section, shares[index] ?? 0, frame)]),
  ];
  return lines.slice(0, rows);
}

function titleLine({ title: { text, paint = String }, columns }: Frame): string {
  const visible = visibleText(text);
  return paint(columns === null ? visible : truncate(visible, columns));
}

/** As many of the counts as fit. */
function countsLine(counts: JobCounts, { columns, stream }: Frame): string {
  let left = columns ?? Number.POSITIVE_INFINITY;
  const shown = STATUSES.filter((status) => {
    left -= `${status} ${formatCount(counts[status])}`.length;
    const fits = left >= 0;
    left -= GAP.length;
    return fits;
  });
  const painted = shown.map((status) => {
    const paint = counts[status] === 0 ? (text: string) => dim(text, stream) : statusPaint(status, stream);
    return `${paint(status)} ${formatCount(counts[status])}`;
  });
  return painted.join(GAP);
}

function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** The header and so many lines more, the last of which says what there was no room for; a single one is better used. */
function sectionLines({ shape, total, pick }: Section, share: number, frame: Frame): string[] {
  const tellsRest = total > share && share > 1;
  const rows = pick(tellsRest ? share - 1 : share);
  const table = createTable(shape, frame.columns);
  const [headerLine = '', ...lines] = table.render(rows).trimEnd().split('\n');
  const rest = tellsRest ? [dim(`… ${formatCount(total - rows.length)} more`, frame.stream)] : [];
  return [bold(headerLine || (shape.header[0] ?? ''), frame.stream), ...lines, ...rest];
}
