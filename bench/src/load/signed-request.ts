import { createHash, createHmac } from "node:crypto";

/** Credentials of the app that every server in a benchmark runs with. */
export const benchApp = { id: "1001", key: "app-key", secret: "app-secret" } as const;

/**
 * The bytes of a signed `POST` of the official HTTP API on a kept-alive connection.
 * Source of the signature: Pusher Channels HTTP API, "Generating authentication signatures".
 */
export function signedRequest(endpoint: "events" | "batch_events", body: string): Buffer {
  const path = `/apps/${benchApp.id}/${endpoint}`;
  const bodyMd5 = createHash("md5").update(body).digest("hex");
  const query = `auth_key=${benchApp.key}&auth_timestamp=${Math.floor(Date.now() / 1000)}&auth_version=1.0&body_md5=${bodyMd5}`;
  const signature = createHmac("sha256", benchApp.secret).update(`POST\n${path}\n${query}`).digest("hex");
  const bytes = Buffer.from(body);
  const head = `POST ${path}?${query}&auth_signature=${signature} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}
