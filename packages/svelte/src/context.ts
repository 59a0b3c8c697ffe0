import type { Sealcast, UnknownChannels } from "@sealcast/client";
import { getContext, setContext } from "svelte";

const key = Symbol("sealcast");

/**
 * Provides a client to the components below this one.
 *
 * @param client created once, outside of components; with `autoConnect: false` if the same code renders on a server.
 */
export function setSealcast<Channels extends object>(client: Sealcast<Channels>): void {
  setContext(key, client);
}

/**
 * Returns the client that a component above has provided.
 *
 * @typeParam Channels the channels of the client and their events.
 * @throws {Error} if no component above provides a client.
 */
export function getSealcast<Channels extends object = UnknownChannels>(): Sealcast<Channels> {
  const client = getContext<Sealcast<Channels> | undefined>(key);
  if (!client) throw new Error("Cannot find a client of Sealcast: expected setSealcast(client) in a component above");
  return client;
}
