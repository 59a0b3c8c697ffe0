import type { Command } from "commander";
import { addTargetOptions } from "../target/target-options.ts";

/** Adds `sealcast users`. */
export function addUsers(program: Command): void {
  const users = program.command("users").description("act on signed-in users");
  addTargetOptions(users.command("terminate <userId>").description("close all connections of a signed-in user")).action(
    async (userId: string, options) => (await import("../users/terminate-user.ts")).terminateUser(userId, options),
  );
}
