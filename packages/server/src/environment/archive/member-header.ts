/** What a member's header in the central directory says, apart from its name. */
export interface MemberHeader {
  generalPurposeBitFlag: number;
  compressionMethod: number;
  externalFileAttributes: number;
  uncompressedSize: number;
}

const STORED = 0;
const DEFLATED = 8;

/** Encrypted content, strong encryption, encrypted names (APPNOTE.TXT 4.4.4, bits 0, 6 and 13). */
const ENCRYPTION_FLAGS = 0x2041;

/** File types of `st_mode`, in the upper half of the external attributes; 0 where the archiver is not of Unix. */
const TYPE_MASK = 0o170000;
const DIRECTORY = 0o040000;
const REGULAR = 0o100000;
const OTHER_TYPES: ReadonlyMap<number, string> = new Map([
  [0o120000, 'a symbolic link'],
  [0o010000, 'a named pipe'],
  [0o020000, 'a character device'],
  [0o060000, 'a block device'],
  [0o140000, 'a socket'],
]);

/** Why a member must not be unpacked; null where it may. */
export function findHeaderProblem(header: MemberHeader, isDirectory: boolean): string | null {
  if ((header.generalPurposeBitFlag & ENCRYPTION_FLAGS) !== 0) return 'is encrypted, which is not supported';
  if (header.compressionMethod !== STORED && header.compressionMethod !== DEFLATED) {
    return `is packed by method ${header.compressionMethod}; only stored (0) and deflated (8) are supported`;
  }
  const type = unixMode(header) & TYPE_MASK;
  // Whatever system the archiver claims: some unpackers honour these bits always, so someone may mean them.
  if (type !== 0 && type !== REGULAR && type !== DIRECTORY) {
    return `is ${OTHER_TYPES.get(type) ?? 'of an unknown type'}; only files and folders are allowed`;
  }
  if (type === DIRECTORY && !isDirectory) return 'is marked as a folder, but its name does not end with /';
  if (isDirectory && header.uncompressedSize !== 0) return 'is a folder with content';
  return null;
}

export function isDeflated(header: MemberHeader): boolean {
  return header.compressionMethod === DEFLATED;
}

/** Permissions to unpack with: never setuid, setgid or sticky, and its owner can always read and remove it. */
export function memberPermissions(header: MemberHeader, isDirectory: boolean): number {
  return safePermissions(unixMode(header), isDirectory);
}

/** The same of a mode of Unix; 0 where the archiver gave none. */
export function safePermissions(mode: number, isDirectory: boolean): number {
  const permissions = mode & 0o777;
  if (isDirectory) return permissions === 0 ? 0o755 : permissions | 0o700;
  return permissions === 0 ? 0o644 : permissions | 0o600;
}

function unixMode(header: MemberHeader): number {
  return header.externalFileAttributes >>> 16;
}
