import { createRequire } from "node:module";
import type { PusherJs } from "../../fixtures/pusher-js.ts";
import type { MemoryBroker } from "./memory-broker.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** Answers an authorization request, as the application's endpoint does. */
export type Authorize = (socketId: string, channel: string) => Promise<{ auth: string; shared_secret?: string }>;

/** Loads the official client as a worker has it: there its timers and its WebSocket are globals, which tests replace. */
function loadOfficialClient(): typeof PusherJs {
  const globals = globalThis as { self?: unknown; addEventListener?: unknown };
  globals.self ??= globalThis;
  globals.addEventListener ??= () => undefined;
  return createRequire(import.meta.url)("pusher-js/worker/with-encryption") as typeof PusherJs;
}

/** Puts virtual time and the broker in the place of the globals that the official client uses. */
export function installGlobals(
  time: VirtualTime,
  broker: MemoryBroker,
  stub: (name: string, value: unknown) => void,
): void {
  stub("setTimeout", time.after);
  stub("clearTimeout", time.clear);
  stub("setInterval", time.every);
  stub("clearInterval", time.clear);
  stub(
    "WebSocket",
    class {
      onopen: (() => void) | undefined;
      onmessage: ((message: { data: string }) => void) | undefined;
      onclose: ((event: { code: number; wasClean: boolean }) => void) | undefined;
      readonly #connection = broker.connect((data) => this.onmessage?.({ data }));

      constructor() {
        time.after(() => this.onopen?.());
      }

      send(text: string): void {
        this.#connection.send(text);
      }

      close(): void {
        this.#connection.close();
        time.after(() => this.onclose?.({ code: 1000, wasClean: true }));
      }
    },
  );
}

/** A subscriber with the official client. */
export class OfficialSubscriber {
  /** Values in the order in which they were emitted. */
  readonly received: unknown[] = [];
  keyRequests = 0;
  readonly #pusher: InstanceType<typeof PusherJs>;

  constructor(channels: readonly string[], authorize: Authorize) {
    const Pusher = loadOfficialClient();
    this.#pusher = new Pusher("app-key", {
      cluster: "none",
      wsHost: "broker",
      forceTLS: false,
      enabledTransports: ["ws"],
      enableStats: false,
      channelAuthorization: {
        endpoint: "unused",
        transport: "ajax",
        customHandler: (request, answer) => void this.#answer(request, authorize, answer),
      },
    });
    for (const channel of channels) {
      this.#pusher.subscribe(channel).bind("e", (value: unknown) => this.received.push(value));
    }
  }

  disconnect(): void {
    this.#pusher.disconnect();
  }

  connect(): void {
    this.#pusher.connect();
  }

  async #answer(
    { socketId, channelName }: { readonly socketId: string; readonly channelName: string },
    authorize: Authorize,
    answer: (error: Error | null, authorization: Awaited<ReturnType<Authorize>> | null) => void,
  ): Promise<void> {
    this.keyRequests += 1;
    try {
      answer(null, await authorize(socketId, channelName));
    } catch (error) {
      answer(error as Error, null);
    }
  }
}
