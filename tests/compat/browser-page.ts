// Runs in a page: the official client behind one function that a test can call.
import { pusherJs, type PusherJsClient } from "./pusher-js-client.ts";
import type { CompatAddress } from "./compat-client.ts";

let client: PusherJsClient | undefined;

const acts = {
  connect: async (address: CompatAddress): Promise<void> => {
    client = await pusherJs.connect(address);
  },
  /** Calls a method of the client. */
  act: (method: keyof PusherJsClient, ...given: readonly unknown[]): unknown => {
    if (client === undefined) throw new Error("Not connected");
    const member: unknown = client[method];
    if (typeof member !== "function") throw new Error(`${method} is no method`);
    return Reflect.apply(member, client, given);
  },
};

/** What the page offers to the test. */
export type CompatPage = typeof acts;

Object.assign(globalThis, { compat: acts });
