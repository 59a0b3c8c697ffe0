/** An engine cannot start. Holds no secret: the parts are shown to the operator. */
export class EngineStartError extends Error {
  override readonly name = "EngineStartError";
  /** What the engine needs. */
  readonly expected: string;
  /** What it found instead. */
  readonly got: string;
  /** What to do about it. */
  readonly fix: string;

  constructor(expected: string, got: string, fix: string) {
    super(`Expected ${expected}, got ${got}. ${fix}`);
    this.expected = expected;
    this.got = got;
    this.fix = fix;
  }
}
