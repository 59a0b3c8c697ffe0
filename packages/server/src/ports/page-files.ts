/** One file of a web page. */
export interface PageFile {
  /** Value for `Content-Type`. */
  readonly type: string;
  readonly bytes: Uint8Array;
  /** The same, compressed with gzip. */
  readonly gzip: Uint8Array;
  /** Changes with the content. */
  readonly etag: string;
}

/** The files of a web page, in memory. */
export interface PageFiles {
  /** A file by its name, such as `index.html`; there are no folders. */
  find(name: string): PageFile | undefined;
}
