import { createScryptHasher } from "@sealcast/server";
import { CommandFailure } from "../command-failure.ts";
import { readSecret } from "./read-secret.ts";

const shortest = 8;

/** Asks for a password, or reads it from standard input, and prints its hash. */
export async function runConsolePassword(): Promise<void> {
  const password = await readSecret("Password: ");
  if (password.length < shortest) {
    throw new CommandFailure(`Expected a password of at least ${shortest} characters, got ${password.length}.`);
  }
  process.stdout.write(`${await createScryptHasher().hash(password)}\n`);
}
