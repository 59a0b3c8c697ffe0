/** The database of the apps cannot be used. Holds no secret: the parts are shown to the operator. */
export class AppDatabaseError extends Error {
  override readonly name = "AppDatabaseError";
  /** What was found instead of a database that can be used. */
  readonly got: string;
  /** What to do about it. */
  readonly fix: string;

  constructor(got: string, fix: string, cause?: unknown) {
    super(`Expected a database for the apps, got ${got}. ${fix}`, { cause });
    this.got = got;
    this.fix = fix;
  }
}
