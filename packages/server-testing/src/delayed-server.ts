import { MemoryEngine } from "@sealcast/server";
import { DelayedEngine } from "./delayed-engine.ts";
import { FakeRandom } from "./fake-random.ts";
import { startSocketless, type SocketlessOptions, type SocketlessServer } from "./socketless-server.ts";

/** Starts a server without sockets whose engine acts and answers when the test says so. */
export async function startDelayed(
  options: Omit<SocketlessOptions, "engine"> = {},
): Promise<SocketlessServer & { readonly engine: DelayedEngine }> {
  let engine: DelayedEngine | undefined;
  const server = await startSocketless({
    ...options,
    engine: (clock) => {
      engine = new DelayedEngine(new MemoryEngine(clock, new FakeRandom()));
      return engine;
    },
  });
  if (engine === undefined) throw new Error("The server did not ask for its engine");
  return { ...server, engine };
}
