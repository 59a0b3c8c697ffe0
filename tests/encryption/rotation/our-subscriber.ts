import { Sealcast, type EncryptedChannel, type SealcastOptions } from "@sealcast/client";
import type { BackendFleet } from "./simulation.ts";

/** A subscriber with our client, on the network and in the time of a fleet. */
export class OurSubscriber {
  /** Values in the order in which they were emitted. */
  readonly received: unknown[] = [];
  /** Those of them that came after later ones. */
  readonly late = new Set<unknown>();
  /** The sealed events in the order in which they arrived. */
  readonly arrived: unknown[] = [];
  readonly errors: unknown[] = [];
  /** How often any backend was asked. */
  keyRequests = 0;
  readonly client: Sealcast;
  readonly channel: EncryptedChannel;

  /** @param endToEnd whether backends hand out all keys of their rings, or one, as official server libraries do. */
  constructor(fleet: BackendFleet, name: string, options: Partial<SealcastOptions> = {}, endToEnd = true) {
    this.client = new Sealcast("app-key", {
      wsHost: "broker",
      forceTLS: false,
      enabledTransports: ["ws"],
      // The memory broker installs its class as a global.
      WebSocket: globalThis.WebSocket,
      channelAuthorization: {
        customHandler: async ({ socketId, channelName }) => {
          this.keyRequests += 1;
          await fleet.time.sleep(fleet.between(5, 20));
          const answer = fleet.anyBackend().sealcast.authorizeChannel(socketId, channelName, undefined, { endToEnd });
          await fleet.time.sleep(fleet.between(5, 20));
          return answer;
        },
      },
      ...options,
    });
    this.client.connection.bind("message", ({ event, data }) => {
      if (event === "e") this.arrived.push(data);
    });
    this.channel = this.client.subscribe(name) as EncryptedChannel;
    this.channel.bind("e", (value, { late }) => {
      this.received.push(value);
      if (late) this.late.add(value);
    });
    this.channel.bind("pusher:decryption_error", (error) => this.errors.push(error));
    this.channel.bind("pusher:subscription_error", (error) => this.errors.push(error));
  }
}
