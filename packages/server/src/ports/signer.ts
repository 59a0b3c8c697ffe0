/** Hashes and signatures. */
export interface Signer {
  /**
   * Whether `signature` is the HMAC-SHA256 of `message` in 64 lower-case hex digits. Takes the same time for every
   * signature of the right form.
   */
  verify(secret: string, message: string, signature: string): boolean;
  /** HMAC-SHA256 of `message` in 64 lower-case hex digits. */
  sign(secret: string, message: string): string;
  /** MD5 as lower-case hex; the HTTP API ties bodies to signatures with it. */
  md5(bytes: Uint8Array): string;
  /** Begins an MD5 of bytes that come in parts. */
  beginMd5(): PartialMd5;
}

/** An MD5 of the parts that were added so far. */
export interface PartialMd5 {
  add(part: Uint8Array): void;
  /** Ends the MD5, and returns it as lower-case hex. */
  hex(): string;
}
