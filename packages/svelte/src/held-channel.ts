import { holdChannel, type ChannelSource, type SharedChannel, type Store } from "@sealcast/client/stores";
import { readable, type Readable } from "svelte/store";

/** Returns a store of Svelte with the value of another store. */
export function readStore<Value>({ read, subscribe }: Store<Value>): Readable<Value> {
  return readable(read(), (set) => {
    const stop = subscribe(() => set(read()));
    set(read());
    return stop;
  });
}

/**
 * Returns a store of Svelte that is about a channel, which is subscribed to while the store is. On a server it keeps its
 * first value.
 *
 * @param create returns the store with the value for the current channel.
 */
export function readHeld<Value>(
  client: ChannelSource,
  name: string,
  first: Value,
  create: (channel: SharedChannel) => Store<Value>,
): Readable<Value> {
  return readable(first, (set) => {
    if (typeof document === "undefined") return undefined;
    let stop: (() => void) | undefined;
    const release = holdChannel(client, name, (channel) => {
      stop?.();
      const { read, subscribe } = create(channel);
      stop = subscribe(() => set(read()));
      set(read());
    });
    return () => {
      stop?.();
      release();
    };
  });
}
