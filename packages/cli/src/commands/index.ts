import type { Command } from "commander";
import { addKeys } from "./keys.ts";
import { addStart } from "./start.ts";

/** Every sub-command, in the order of `--help`. Each function adds one to the program. */
export const commands: readonly ((program: Command) => void)[] = [addStart, addKeys];
