import { holdChannel, type ChannelSource, type SharedChannel, type Store } from "@sealcast/client/stores";
import { readable, type Readable } from "svelte/store";

/** Returns a store of Svelte with the value of another store. */
export function toSvelteStore<Value>({ read, subscribe }: Store<Value>): Readable<Value> {
  return readable(read(), (set) => {
    const stop = subscribe(() => set(read()));
    set(read());
    return stop;
  });
}

/**
 * Returns a Svelte store with a value of a channel. The client is subscribed to the channel while the store has subscribers.
 * On a server, the store keeps its first value.
 *
 * @param create returns the store with the value for the current channel.
 */
export function heldChannelStore<Value>(
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
