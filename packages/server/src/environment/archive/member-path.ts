/** Longest path, and file name, that Linux takes. */
const PATH_LIMIT_BYTES = 4095;
const NAME_LIMIT_BYTES = 255;

/** Bounds the work per member; no archive of people's files comes near. */
const DEPTH_LIMIT = 100;

export type MemberPath =
  /** No segment is empty, `.` or `..`; joined with `/` they stay inside any root. No segments: the root itself. */
  { ok: true; segments: readonly string[]; isDirectory: boolean } | { ok: false; problem: string };

/**
 * Reads the name of an archive's member. Empty and `.` segments are dropped; whatever could lead out of the
 * root on any system is refused, not mended: an honest archiver does not write it.
 */
export function parseMemberPath(name: string): MemberPath {
  if (name === '') return refuse('has no name');
  if (name.includes('\0')) return refuse('has a NUL character in its name');
  if (name.includes('\\')) return refuse('has a backslash in its name; folders are separated by /');
  if (name.startsWith('/')) return refuse('has an absolute path; only paths inside the archive are allowed');
  if (Buffer.byteLength(name) > PATH_LIMIT_BYTES) return refuse(`has a name of more than ${PATH_LIMIT_BYTES} bytes`);

  const segments = name.split('/').filter((segment) => segment !== '' && segment !== '.');
  // Of the first segment, for `./C:` is `C:` to Windows.
  if (/^[A-Za-z]:/.test(segments[0] ?? '')) {
    return refuse('has a drive letter in its name; only paths inside the archive are allowed');
  }
  if (segments.includes('..')) return refuse("leads out of its folder by '..'");
  if (segments.length > DEPTH_LIMIT) return refuse(`lies more than ${DEPTH_LIMIT} folders deep`);
  if (segments.some((segment) => Buffer.byteLength(segment) > NAME_LIMIT_BYTES)) {
    return refuse(`has a file or folder name of more than ${NAME_LIMIT_BYTES} bytes`);
  }
  const isDirectory = name.endsWith('/');
  if (segments.length === 0 && !isDirectory) return refuse('has a name that is no file name');
  return { ok: true, segments, isDirectory };
}

function refuse(problem: string): MemberPath {
  return { ok: false, problem };
}
