import { Sealcast as Client, type EventMetadata, type SealcastOptions as ClientOptions } from "@sealcast/client";
import { generateMasterKey, Sealcast, type SealedOptions } from "@sealcast/server-sdk";
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";

/** An event as a listener received it. */
export interface ReceivedEvent extends EventMetadata {
  readonly event: string;
  readonly data: unknown;
}

/** A subscriber, and everything that it has received. */
export interface Subscriber {
  readonly client: Client;
  readonly channel: ReturnType<Client["subscribe"]>;
  readonly events: ReceivedEvent[];
  /** The reasons of `pusher:decryption_error`. */
  readonly errors: string[];
  /** Resolves when the subscription has succeeded. */
  readonly subscribed: () => Promise<void>;
}

/** A server, a publisher and its subscribers on sealed channels. */
export interface SealedApp {
  readonly server: TestServer;
  readonly publisher: Sealcast;
  readonly requests: { count: number };
  /** Users whom the auth endpoint refuses. */
  readonly refused: Set<string>;
  subscribe(channel: string, user?: string, options?: Partial<ClientOptions>): Subscriber;
  close(): Promise<void>;
}

/** Starts a server whose app requires envelopes, and a backend with these options of sealed channels. */
export async function startSealedApp(sealed: Partial<SealedOptions> = {}): Promise<SealedApp> {
  const history = [{ prefix: "private-sealed-kept-", size: 100, ttlSeconds: 60 }];
  const server = await startServer({ apps: [testApp({ requireSealed: true, clientEventsPerSecond: 1_000, history })] });
  const options = { ring: [{ key: generateMasterKey() }], ...sealed };
  const credentials = { appId: "1001", key: "app-key", secret: "app-secret" };
  const publisher = new Sealcast({ ...credentials, port: server.port, sealed: options });
  const clients: Client[] = [];
  const refused = new Set<string>();
  const requests = { count: 0 };
  return {
    server,
    publisher,
    requests,
    refused,
    subscribe(name, user = "ada", clientOptions = {}) {
      const client = new Client("app-key", {
        url: server.url,
        sealed: true,
        channelAuthorization: {
          customHandler: ({ socketId, channelName }, callback) => {
            requests.count += 1;
            if (refused.has(user)) return callback(Object.assign(new Error("refused"), { status: 403 }), null);
            const member = { user_id: user, user_info: { name: user.toUpperCase() } };
            const presence = channelName.startsWith("presence-") ? member : undefined;
            callback(null, publisher.authorizeChannel(socketId, channelName, presence, { endToEnd: true }));
          },
        },
        ...clientOptions,
      });
      clients.push(client);
      const channel = client.subscribe(name);
      const events: ReceivedEvent[] = [];
      const errors: string[] = [];
      // Listeners of one event receive its metadata; the tests use few names.
      for (const event of ["e", "client-e", "salary-changed", "client-note", "renamed"]) {
        channel.bind(event, (data, metadata) => events.push({ event, data, ...metadata }));
      }
      channel.bind("pusher:decryption_error", (error) => errors.push((error as { reason: string }).reason));
      const subscribed = new Promise<void>((resolve) => {
        channel.bind("pusher:subscription_succeeded", () => resolve());
      });
      return { client, channel, events, errors, subscribed: () => subscribed };
    },
    async close() {
      for (const client of clients) client.disconnect();
      await server.close();
    },
  };
}
