import { shareChannel, type ChannelSource, type SharedChannel } from "./shared-channel.ts";

/**
 * Holds a channel for a component: subscribes to it, or shares the subscription of other components. If other code leaves
 * the channel, subscribes again.
 *
 * @param changed receives the channel: at once, and after each new subscription.
 * @returns a function that releases the channel. It is left when no component holds it.
 */
export function holdChannel(
  client: ChannelSource,
  name: string,
  changed: (channel: SharedChannel) => void,
): () => void {
  let release: (() => void) | undefined;
  const subscribe = (): void => {
    const shared = shareChannel(client, name);
    const { left } = shared.channel;
    left.addEventListener("abort", subscribe);
    release = () => {
      left.removeEventListener("abort", subscribe);
      shared.release();
    };
    changed(shared.channel);
  };
  subscribe();
  return () => release?.();
}
