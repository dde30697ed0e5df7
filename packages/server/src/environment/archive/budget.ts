/** Limits of what one archive may unpack to. */
export interface ArchiveLimits {
  /** Content of all files together. Default of the configuration: 20 GiB. */
  maxBytes: number;
  /** Files and folders. Default of the configuration: 200,000. */
  maxEntries: number;
}

/**
 * Deflate can shrink 1032 to 1; what people work with rarely beats 100 to 1. Against the size of the whole archive,
 * so that members which share their packed bytes are caught too.
 */
const MAX_RATIO = 250;

/** Below this the ratio does not matter: a small archive of zeros is no bomb. */
const RATIO_FREE_BYTES = 128 * 1024 * 1024;

/** 335 bytes for each of 200,000 files. Without a bound, paths of 4 KB would take 800 MB of the server's memory. */
const MAX_PATH_BYTES = 64 * 1024 * 1024;

/** Counts what comes out of an archive while it comes out: headers can lie. */
export interface ArchiveBudget {
  /** Answers why unpacking must end here, or null to go on. */
  spendBytes(count: number): string | null;
  checkEntries(count: number): string | null;
  /** @param bytes length of all paths together, folders that are only implied included */
  checkPaths(bytes: number): string | null;
}

export function createArchiveBudget(limits: ArchiveLimits, archiveBytes: number): ArchiveBudget {
  const ratioLimitBytes = Math.max(RATIO_FREE_BYTES, archiveBytes * MAX_RATIO);
  let bytes = 0;
  return {
    spendBytes(count) {
      bytes += count;
      if (bytes > limits.maxBytes) return `unpacks to more than the ${limits.maxBytes} bytes that this server allows`;
      if (bytes > ratioLimitBytes) {
        return `unpacks to more than ${MAX_RATIO} times its own size of ${archiveBytes} bytes: this looks like a bomb`;
      }
      return null;
    },
    checkEntries(count) {
      if (count <= limits.maxEntries) return null;
      return `holds more than the ${limits.maxEntries} files and folders that this server allows`;
    },
    checkPaths(bytes) {
      if (bytes <= MAX_PATH_BYTES) return null;
      return 'has paths of more than 64 MiB in all: this looks like a bomb';
    },
  };
}
