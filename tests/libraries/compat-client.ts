/** An event as a client library hands it to its user. */
export interface Received {
  readonly channel: string;
  readonly event: string;
  /** Decoded, and decrypted on encrypted channels. */
  readonly data: unknown;
  /** The sender of a client event, on presence channels. */
  readonly userId?: string | undefined;
}

/** The events that the compatibility table uses. Libraries need a listener for each. */
export const listenedEvents = ["news", "client-move"] as const;

/** Where a client finds its server and its app's backend. */
export interface CompatAddress {
  readonly serverPort: number;
  readonly backendUrl: string;
  /** Name under which the backend signs. */
  readonly user: string;
}

/** Libraries in another process answer later. */
type Answer<T> = T | Promise<T>;

/** One client under test: the same acts, whatever library does them. */
export interface CompatClient {
  /** Subscribes. Returns the outcome. */
  subscribe(channel: string): Promise<"subscribed" | "refused">;
  /** Asks for a channel that the client is on already. */
  subscribeAgain(channel: string): Answer<void>;
  unsubscribe(channel: string): Answer<void>;
  /** Sends a client event; false where the library refuses by itself. */
  trigger(channel: string, data: object): Answer<boolean>;
  /** Takes the next event of a channel. */
  next(channel: string, event: (typeof listenedEvents)[number]): Promise<Received>;
  /** Everything that the server has sent up to now and nobody took. */
  settled(): Promise<Received[]>;
  /** Waits until a lost connection is back and these channels are subscribed again. */
  reconnected(channels: readonly string[]): Promise<void>;
  close(): Answer<void>;
}

/** A library: its name, and how to connect with it. */
export interface CompatLibrary {
  readonly name: string;
  /** Pages and scripts that its app's backend must serve, by path. */
  pages?(): Promise<Readonly<Record<string, string>>>;
  connect(address: CompatAddress): Promise<CompatClient>;
}
