/** A channel whose events are recovered. */
export interface RecoverableChannel {
  readonly name: string;
  emit(event: string, data?: unknown): unknown;
  bind_global(listener: (event: string) => void): unknown;
  unbind_global(listener: (event: string) => void): unknown;
}

/** A frame of the server, as clients pass it to listeners of `connection.bind("message")`. */
interface Frame {
  readonly event: string;
  readonly channel?: string | undefined;
  readonly data?: unknown;
}

/** Data of `pusher_internal:position`. */
interface Positioned {
  readonly epoch?: string;
  readonly offset?: number;
  readonly recovered?: boolean;
}

/** The part of a client that {@link recover} uses: that of `pusher-js` 8, of its drop-in, and of `Sealcast`. */
export interface RecoverableClient {
  readonly connection: {
    bind(event: "state_change", listener: (change: { readonly current: string }) => void): unknown;
    bind(event: "message", listener: (frame: Frame) => void): unknown;
    unbind(event: "state_change", listener: (change: { readonly current: string }) => void): unknown;
    unbind(event: "message", listener: (frame: Frame) => void): unknown;
  };
  allChannels(): readonly RecoverableChannel[];
  send_event(event: string, data: unknown, channel?: string): boolean;
}

/** Data of the events `pusher:recovered` and `pusher:not_recovered`. */
export interface Recovery {
  /** Number of events that were missed and have now arrived. */
  readonly events: number;
}

/** What is known of one channel. */
interface Progress {
  /** Position of the last event; undefined: the channel has none. */
  position: { readonly epoch: string; readonly offset: number } | undefined;
  /** Events that have arrived since; the position of each comes right behind it. */
  ahead: number;
  /** Events of the recovery under way; undefined: there is none. */
  recovering: number | undefined;
  /** On encrypted channels: events that were decrypted since the recovery began. */
  opened: number;
}

/** `pusher-js` has one key for each of these. It cannot decrypt what was published before a rotation of the key. */
const encryptedChannel = /^private-encrypted-/;
/** Cache channels keep no client events, and send no position behind them. */
const cacheChannel = /^(private-|presence-)?(encrypted-)?cache-/;

/**
 * Recovers events that a client misses while its connection is cut, on channels that keep events. After each reconnection,
 * each channel that was subscribed gets one of two events: `pusher:recovered`, after all missed events have arrived in their
 * order; or `pusher:not_recovered`, if that is not certain: the application then reads its state again. `pusher:not_recovered`
 * also comes if the server itself has missed events, and if some of the events could not be decrypted.
 *
 * Works with `pusher-js` 8, also below `laravel-echo` (pass `echo.connector.pusher`), with `@sealcast/client/pusher-js` and with
 * `Sealcast`.
 *
 * @param client call it before the client is connected; channels may be subscribed before or after.
 * @returns a function that ends it.
 * @example
 * const pusher = new Pusher("app-key", { wsHost: "realtime.example.com", cluster: "self" });
 * recover(pusher);
 * pusher.subscribe("orders").bind("pusher:not_recovered", () => readOrdersAgain());
 */
export function recover(client: RecoverableClient): () => void {
  const { connection } = client;
  const channels = new Map<string, Progress>();
  /** Channels for which the request was sent before their subscription. */
  const asked = new Set<string>();
  /** What counts the decrypted events of encrypted channels. Channels that the client has left are not kept. */
  const counters = new WeakMap<RecoverableChannel, (event: string) => void>();

  const countOpened = (name: string): void => {
    const channel = find(name);
    if (!channel || counters.has(channel) || !encryptedChannel.test(name)) return;
    const counter = (event: string): void => {
      const progress = channels.get(name);
      if (progress && !event.startsWith("pusher")) progress.opened += 1;
    };
    counters.set(channel, counter);
    channel.bind_global(counter);
  };

  const find = (name: string): RecoverableChannel | undefined =>
    client.allChannels().find((channel) => channel.name === name);

  const ask = (name: string, after: object = {}): boolean => client.send_event("sealcast:recover", after, name);

  /** Runs before the client subscribes again: what was missed then comes right behind the subscription. */
  const stateChanged = ({ current }: { readonly current: string }): void => {
    if (current !== "connected") return;
    asked.clear();
    const names = new Set(client.allChannels().map(({ name }) => name));
    for (const [name, progress] of channels) {
      if (!names.has(name)) {
        channels.delete(name);
        continue;
      }
      const { position, ahead } = progress;
      // The connection may have been cut between an event and its position.
      const reached = position && { epoch: position.epoch, offset: position.offset + ahead };
      channels.set(name, { position: reached, ahead: 0, recovering: 0, opened: 0 });
      countOpened(name);
      asked.add(name);
      ask(name, reached);
    }
  };

  const received = ({ event, channel: name, data }: Frame): void => {
    if (name === undefined) return;
    if (event === "pusher_internal:subscription_succeeded") {
      // Otherwise the channel is new, or was left meanwhile.
      if (!asked.delete(name)) {
        channels.set(name, { position: undefined, ahead: 0, recovering: undefined, opened: 0 });
        ask(name);
      }
      return;
    }
    const progress = channels.get(name);
    if (!progress) return;
    if (event === "pusher_internal:position") positioned(name, progress, data as Positioned);
    else if (!event.startsWith("pusher") && !(event.startsWith("client-") && cacheChannel.test(name)))
      progress.ahead += 1;
  };

  const positioned = (name: string, progress: Progress, { epoch, offset, recovered }: Positioned): void => {
    const { position, ahead, recovering, opened } = progress;
    const next = epoch === undefined || offset === undefined ? undefined : { epoch, offset };
    progress.position = next;
    progress.ahead = 0;
    // Each event in a recovery is followed by its own position.
    const isEnd = recovering !== undefined && (recovered !== undefined || position === undefined);
    if (recovering !== undefined && !isEnd) {
      progress.recovering = recovering + ahead;
      return;
    }
    progress.recovering = undefined;
    const events = recovering ?? 0;
    const isComplete = recovered === true && (opened >= events || !encryptedChannel.test(name));
    if (isEnd || recovered === false) report(name, isComplete, events);
  };

  const report = (name: string, isComplete: boolean, events: number): void => {
    const recovery: Recovery = { events };
    find(name)?.emit(isComplete ? "pusher:recovered" : "pusher:not_recovered", recovery);
  };

  connection.bind("state_change", stateChanged);
  connection.bind("message", received);
  return () => {
    connection.unbind("state_change", stateChanged);
    connection.unbind("message", received);
    for (const channel of client.allChannels()) {
      const counter = counters.get(channel);
      if (counter) channel.unbind_global(counter);
    }
  };
}
