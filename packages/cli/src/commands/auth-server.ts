import type { Command } from "commander";
import { addTargetOptions } from "../target/target-options.ts";
import { masterKeyFlag } from "../target/master-key.ts";
import { wholeNumber } from "./whole-number.ts";

/** Adds `sealcast auth-server`. */
export function addAuthServer(program: Command): void {
  const command = program
    .command("auth-server")
    .description("authorize every subscription and sign in every user, on this machine; for development only")
    .option("--port <N>", "port on 127.0.0.1; 0: any free port", wholeNumber(0, 65_535), 8080)
    .option("--user-id <ID>", "user of presence channels and sign-ins; default: another one for each request")
    .option(...masterKeyFlag);
  addTargetOptions(command).action(async (options) =>
    (await import("../auth-server/run-auth-server.ts")).runAuthServer(options),
  );
}
