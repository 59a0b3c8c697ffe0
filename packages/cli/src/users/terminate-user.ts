import { printResult } from "../output.ts";
import { createApi } from "../target/create-api.ts";
import { resolveTarget, type TargetOptions } from "../target/resolve-target.ts";

/** Closes all connections of a user. */
export async function terminateUser(
  userId: string,
  options: TargetOptions & { readonly json?: boolean },
): Promise<void> {
  const api = await createApi(await resolveTarget(options));
  await api.terminateUserConnections(userId);
  printResult(options.json, { terminated: userId }, () => `Closed the connections of ${userId}.\n`);
}
