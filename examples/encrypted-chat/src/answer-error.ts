import { SealcastError } from "@sealcast/server-sdk";
import type { NextFunction, Request, Response } from "express";

/** Answers a failed request with one line for the user. By default, Express would answer with a stack trace. */
export function answerError(error: unknown, _: Request, response: Response, next: NextFunction): void {
  // An answer that has started can only be aborted, which Express does.
  if (response.headersSent) return next(error);
  if (error instanceof SealcastError) {
    console.error(error.message);
    response.status(502).send("The Sealcast server did not accept it. Is it running?");
  } else if (isUnreadable(error)) {
    response.status(400).send("This request cannot be read.");
  } else {
    console.error(error);
    response.status(500).send("The chat could not do that.");
  }
}

/** Errors of body parsers have a status for the client. */
function isUnreadable(error: unknown): boolean {
  return error instanceof Error && "status" in error && typeof error.status === "number" && error.status < 500;
}
