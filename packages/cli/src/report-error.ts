import { CommanderError } from "commander";
import { CommandFailure, WrongUsage } from "./command-failure.ts";
import { failure, wrongUsage } from "./exit-code.ts";

/** What a command prints and returns to the shell if it fails. */
export interface ErrorReport {
  readonly exitCode: number;
  /** What to write to standard error; empty if the message is already there. */
  readonly text: string;
}

/**
 * Returns how to report an error, or undefined for an error of the program itself, which must keep its stack.
 *
 * @param json whether to report it as one line of JSON: `{"error": "…", "exitCode": 1}`, with the `code` of an error of
 * the server library.
 */
export function reportError(error: unknown, json: boolean): ErrorReport | undefined {
  // Commander has written its message, see `wrongUsageText`.
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : wrongUsage, text: "" };
  if (error instanceof WrongUsage) {
    const { message } = error;
    return line(json ? message : `error: ${message}. See sealcast --help.`, wrongUsage, json);
  }
  if (error instanceof CommandFailure) return line(error.message.trimEnd(), failure, json);
  // The class belongs to a library that only some commands load.
  if (error instanceof Error && error.name === "SealcastError") {
    const code = "code" in error ? String(error.code) : undefined;
    return line(json ? error.message : `${error.message}.`, failure, json, code);
  }
  return undefined;
}

/** Returns the text of an error that Commander found in the arguments. */
export function wrongUsageText(text: string, json: boolean): string {
  return json ? line(text.trim().replace(/^error: /, ""), wrongUsage, json).text : text;
}

function line(error: string, exitCode: number, json: boolean, code?: string): ErrorReport {
  return { exitCode, text: `${json ? JSON.stringify({ error, code, exitCode }) : error}\n` };
}
