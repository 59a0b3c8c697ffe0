// Runs in a page: the official client, which recovers what it misses.
import { recover } from "@sealcast/client/recover";
import { PusherJs } from "../fixtures/pusher-js.ts";
import { credentials } from "../fixtures/credentials.ts";
import { pusherJsOptions } from "../libraries/pusher-js-client.ts";

/** What a channel of the page has received. */
export interface Seen {
  readonly numbers: number[];
  readonly outcomes: string[];
}

const page = {
  seen: {} as Record<string, Seen>,
  /** Connects to the server and subscribes. */
  start(serverPort: number, channels: readonly string[]): void {
    const options = pusherJsOptions({ serverPort, backendUrl: location.origin, user: "ada" });
    const client = new PusherJs(credentials.key, options);
    recover(client);
    for (const name of channels) {
      const seen: Seen = { numbers: [], outcomes: [] };
      page.seen[name] = seen;
      const channel = client.subscribe(name);
      channel.bind("pusher:subscription_succeeded", () => seen.outcomes.push("subscribed"));
      channel.bind("paid", ({ number }: { readonly number: number }) => seen.numbers.push(number));
      for (const event of ["pusher:recovered", "pusher:not_recovered"]) {
        channel.bind(event, () => seen.outcomes.push(event));
      }
    }
  },
};

/** What the page offers to the test. */
export type RecoveryPage = typeof page;

Object.assign(globalThis, { recovery: page });
