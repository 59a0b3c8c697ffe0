import { createAuthHandler } from "../auth-handler/auth-handler.ts";
import Pusher from "../pusher.ts";
import { Sealcast } from "../sealcast.ts";
import { SealcastError } from "../sealcast-error.ts";

/*
 * Uses the library as an application does and returns the results. Runs in every runtime that has `fetch`; it is bundled
 * for runtimes that do not read TypeScript.
 */

const masterKey = "qfxgCV1pWJyMDZ9weSkd6Bqtcj3q4j2GdfkEUwIkoIw=";
const body = '{"time_ms":1700000000000,"events":[{"name":"channel_occupied","channel":"my-channel"}]}';
const signature = "cb2683f8aaa9de8cdbc72838077bd6ac7c3e64c57fe83fb7b13812a1bd5df142";

/** Publishes to the server on a loopback port. Returns what must be the same in every runtime. */
export async function probe(port: number): Promise<object> {
  const app = { appId: "3", key: "278d425bdf160c739803", secret: "7ad3773142a6692b25b8" };
  const address = { host: "127.0.0.1", port, useTLS: false };
  const sealcast = new Sealcast({ ...app, ...address, encryptionMasterKeyBase64: masterKey });
  await sealcast.trigger(["plain", "private-encrypted-a", "private-encrypted-b"], "e", { text: "Grüße 😀" });
  await new Pusher({ ...app, ...address, encryptionMasterKeyBase64: masterKey }).trigger("plain", "e", "text");
  const handler = createAuthHandler({ sealcast, authenticate: () => ({ id: "ada" }), authorize: () => true });
  const answer = await handler(
    new Request("http://app.example.com/pusher/auth", {
      method: "POST",
      body: new URLSearchParams({ socket_id: "1.2", channel_name: "private-encrypted-a" }),
    }),
  );
  const headers = { "x-pusher-key": app.key, "x-pusher-signature": signature, "content-type": "application/json" };
  const unreachable = new Sealcast({ ...app, ...address, port: 9, timeoutMs: 2_000, retries: 0 });
  return {
    channels: [...(await sealcast.channels({ prefix: "plain" }))],
    authorization: (await answer.json()) as unknown,
    webhook: sealcast.webhook({ headers, rawBody: body }, { maxAgeMs: Infinity }).events,
    unreachable: await unreachable.channels().catch((error: unknown) => error instanceof SealcastError && error.code),
  };
}
