/** An uploaded archive. */
export interface StoredPackage {
  name: string;
  sizeBytes: number;
  /** Of its bytes, in hexadecimal. */
  sha256: string;
}

/** Archives that clients uploaded, by the names that clients gave them. */
export interface PackageStore {
  /** Largest package that {@link put} takes. */
  readonly maxBytes: number;

  /**
   * Finds a complete package and keeps it from expiring for a while.
   * @throws INVALID_PACKAGE_NAME
   */
  find(name: string): Promise<StoredPackage | null>;

  /**
   * Streams the bytes to disk and resolves when they would survive a power cut. One of the same name is replaced at once: readers
   * have the old or the new bytes. Leaves nothing where it rejects.
   *
   * @throws INVALID_PACKAGE_NAME; PACKAGE_TOO_LARGE; STORAGE_FULL; what `bytes` throws
   */
  put(name: string, bytes: AsyncIterable<Uint8Array>): Promise<StoredPackage>;

  /**
   * The path of a package's bytes, to be read while a job is prepared; they were just compared with their checksum. Null where there is none, or
   * where the bytes have changed on disk (they are removed then, so that a client uploads them again). Keeps it from expiring for a while.
   *
   * @throws INVALID_PACKAGE_NAME
   */
  locate(name: string): Promise<string | null>;

  /**
   * Removes packages that nobody asked for within the expiry and that are not referred to.
   *
   * @param isReferenced whether a job that has not ended needs it
   * @returns how many were removed
   */
  sweep(isReferenced: (name: string) => boolean | Promise<boolean>): Promise<number>;
}
