// Runs in a page: the official client behind one function that a test can call.
import type { CompatAddress, CompatClient } from "../libraries/compat-client.ts";
import { PusherJs } from "../fixtures/pusher-js.ts";
import { pusherJs } from "../libraries/pusher-js-client.ts";

let client: CompatClient | undefined;

const acts = {
  connect: async (address: CompatAddress): Promise<void> => {
    client = await pusherJs("pusher-js", PusherJs).connect(address);
  },
  /** Calls a method of the client. */
  act: (method: keyof CompatClient, ...given: readonly unknown[]): unknown => {
    if (client === undefined) throw new Error("Not connected");
    return Reflect.apply(client[method], client, given);
  },
};

/** What the page offers to the test. */
export type CompatPage = typeof acts;

Object.assign(globalThis, { compat: acts });
