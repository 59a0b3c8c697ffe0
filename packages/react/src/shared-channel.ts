/** What sharing needs of a client. */
export interface ChannelSource {
  subscribe(name: string): SharedChannel;
  unsubscribe(name: string): void;
}

/** What sharing knows of a channel. */
export interface SharedChannel {
  readonly name: string;
}

interface Share {
  readonly channel: SharedChannel;
  users: number;
}

const shares = new WeakMap<ChannelSource, Map<string, Share>>();

/**
 * Subscribes to a channel that several components may use. It is left when the last of them has let go, a moment later:
 * a component that only moves, or that strict mode mounts twice, keeps it.
 *
 * @returns the channel, and how to let go of it.
 */
export function shareChannel(
  client: ChannelSource,
  name: string,
): { readonly channel: SharedChannel; readonly release: () => void } {
  const byName = shares.get(client) ?? new Map<string, Share>();
  shares.set(client, byName);
  const share = byName.get(name) ?? { channel: client.subscribe(name), users: 0 };
  byName.set(name, share);
  share.users += 1;
  let isHeld = true;
  const release = (): void => {
    if (!isHeld) return;
    isHeld = false;
    share.users -= 1;
    setTimeout(() => {
      if (share.users > 0 || byName.get(name) !== share) return;
      byName.delete(name);
      client.unsubscribe(name);
    });
  };
  return { channel: share.channel, release };
}
