/** Data of `pusher:decryption_error`, as far as it is reported. */
interface DecryptionFailure {
  readonly event: string;
  readonly reason: string;
}

type Listener = (failure: DecryptionFailure) => void;

/** A frame of the server, as clients pass it to listeners of `connection.bind("message")`. */
interface Frame {
  readonly event: string;
}

/** A channel whose decryption errors are reported. */
export interface ReportingChannel {
  readonly name: string;
  bind(event: "pusher:decryption_error", listener: Listener): unknown;
  unbind(event: "pusher:decryption_error", listener: Listener): unknown;
}

/** The part of a client that {@link reportDecryptionErrors} uses: that of `Sealcast`, and of the drop-in for `pusher-js`. */
export interface ReportingClient {
  readonly connection: {
    bind(event: "message", listener: (frame: Frame) => void): unknown;
    unbind(event: "message", listener: (frame: Frame) => void): unknown;
  };
  allChannels(): readonly ReportingChannel[];
  send_event(event: string, data: unknown, channel?: string): boolean;
}

/** A channel is reported once in this time. */
const pauseMs = 60_000;
/** Most channels that are reported in this time: with a wrong key, all of them fail at once. */
const maxChannels = 10;

/**
 * Reports to the server which events the client could not decrypt, so that operators see it in the console's log: channel,
 * name of the event and reason, never data or keys. Each channel is reported at most once a minute, and ten channels a minute.
 * Servers other than Sealcast ignore the report, or answer it with an error that changes nothing.
 *
 * @returns a function that ends it.
 * @example
 * const client = new Sealcast("app-key", { url: "https://realtime.example.com" });
 * reportDecryptionErrors(client);
 */
export function reportDecryptionErrors(client: ReportingClient): () => void {
  const listeners = new WeakMap<ReportingChannel, Listener>();
  /** When each channel was reported last. */
  const reported = new Map<string, number>();

  const report = (channel: string, { event, reason }: DecryptionFailure): void => {
    const now = performance.now();
    for (const [name, sentMs] of reported) if (now - sentMs >= pauseMs) reported.delete(name);
    if (reported.has(channel) || reported.size >= maxChannels) return;
    if (client.send_event("sealcast:decryption-error", { event, reason }, channel)) reported.set(channel, now);
  };

  const bindAll = (): void => {
    for (const channel of client.allChannels()) {
      if (listeners.has(channel)) continue;
      const listener: Listener = (failure) => report(channel.name, failure);
      listeners.set(channel, listener);
      channel.bind("pusher:decryption_error", listener);
    }
  };

  const received = ({ event }: Frame): void => {
    if (event === "pusher_internal:subscription_succeeded") bindAll();
  };

  bindAll();
  client.connection.bind("message", received);
  return () => {
    client.connection.unbind("message", received);
    for (const channel of client.allChannels()) {
      const listener = listeners.get(channel);
      if (listener) channel.unbind("pusher:decryption_error", listener);
    }
  };
}
