/** What sharing needs of a client. */
export interface ChannelSource {
  subscribe(name: string): SharedChannel;
}

/** What sharing needs of a channel. */
export interface SharedChannel {
  readonly name: string;
  readonly left: AbortSignal;
  unsubscribe(): void;
}

interface Share {
  readonly channel: SharedChannel;
  users: number;
}

const shares = new WeakMap<ChannelSource, Map<string, Share>>();

/**
 * Subscribes to a channel that several components can use. The channel is left after the last of them has released it, a
 * moment later: a component that only moves, or that strict mode mounts twice, keeps it. After other code has left the
 * channel, the next call subscribes again.
 *
 * @returns the channel, and a function that releases it.
 */
export function shareChannel(
  client: ChannelSource,
  name: string,
): { readonly channel: SharedChannel; readonly release: () => void } {
  const byName = shares.get(client) ?? new Map<string, Share>();
  shares.set(client, byName);
  const current = byName.get(name);
  const share = current && !current.channel.left.aborted ? current : { channel: client.subscribe(name), users: 0 };
  byName.set(name, share);
  share.users += 1;
  let isHeld = true;
  const release = (): void => {
    if (!isHeld) return;
    isHeld = false;
    share.users -= 1;
    setTimeout(() => {
      if (share.users > 0) return;
      if (byName.get(name) === share) byName.delete(name);
      share.channel.unsubscribe();
    });
  };
  return { channel: share.channel, release };
}
