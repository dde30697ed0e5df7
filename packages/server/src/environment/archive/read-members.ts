import { type Entry, getFileNameLowLevel, type ZipFile } from 'yauzl';
import { isSystemError, reasonOf } from '../../errors/system-error.ts';
import { refuseArchive } from './refusal.ts';

export interface Member {
  entry: Entry;
  /** As the archive has it: not to be used as a path before it was checked. */
  name: string;
}

/**
 * The members in the order of the central directory.
 * @throws {EnvironmentFailure} where the directory is damaged
 */
export async function* readMembers(zip: ZipFile, uri: string): AsyncGenerator<Member, void, undefined> {
  for (;;) {
    const entry = await readEntry(zip, uri);
    if (entry === null) return;
    yield { entry, name: decodeName(entry) };
  }
}

function readEntry(zip: ZipFile, uri: string): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    const onEntry = (entry: Entry) => settle(() => resolve(entry));
    const onEnd = () => settle(() => resolve(null));
    const onError = (error: unknown) => settle(() => reject(explain(error, uri)));
    const settle = (answer: () => void) => {
      zip.off('entry', onEntry).off('end', onEnd).off('error', onError);
      answer();
    };
    zip.on('entry', onEntry).on('end', onEnd).on('error', onError);
    zip.readEntry();
  });
}

function explain(error: unknown, uri: string): unknown {
  return isSystemError(error) ? error : refuseArchive(uri, `is a damaged zip archive: ${reasonOf(error)}`, error);
}

/** Strict: with backslashes left as they are, so that they can be refused. */
function decodeName(entry: Entry): string {
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
}
