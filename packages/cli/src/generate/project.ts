/** What `generate` knows about the app. The key is public; the secret is never written to a file. */
export interface ProjectApp {
  readonly appId: string;
  readonly key: string;
  /** Address of WebSockets, such as `http://127.0.0.1:6001`. */
  readonly socketUrl: string;
}

/** A small project that `generate` writes. */
export interface Project {
  /** The word on the command line. */
  readonly name: string;
  /** What it is, for the help text. */
  readonly title: string;
  /** Returns the content of each file by its path. */
  files(app: ProjectApp): Readonly<Record<string, string>>;
  /** Commands and hints that follow, one per line. */
  readonly next: readonly string[];
}
