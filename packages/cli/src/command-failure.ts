/** A command could not do what it was asked to do. The message is for the user; the exit code is 1. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
}

/** The arguments do not fit together. The message is for the user; the exit code is 2. */
export class WrongUsage extends Error {
  override readonly name = "WrongUsage";
}
