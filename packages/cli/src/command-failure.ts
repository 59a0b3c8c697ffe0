/** A command could not do what it was asked to do. The message is for the user; the exit code is 1. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
}
