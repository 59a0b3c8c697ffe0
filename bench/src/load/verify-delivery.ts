import { on, once } from "node:events";
import { WebSocket } from "ws";
import type { Dialect } from "./dialect.ts";
import { HttpConnection } from "./http-connection.ts";
import { eventBody } from "./publish-run.ts";
import { signedRequest } from "./signed-request.ts";

const events = 5;
const timeoutMs = 5000;

/** Subscribes with a real WebSocket client, publishes, and checks name, channel, data and order of what arrives. */
export async function verifyDelivery(port: number, dialect: Dialect): Promise<void> {
  const channel = "bench-verify";
  const client = new WebSocket(`ws://127.0.0.1:${port}${dialect.path}`);
  const texts = await messagesOf(client);
  for (const step of dialect.opening) {
    if (step.say !== undefined) client.send(step.say);
    for (let i = 0; i < step.answers; i += 1) await texts.next();
  }
  client.send(dialect.subscribe(channel));
  await texts.next();
  const connection = await HttpConnection.open(port);
  for (let i = 0; i < events; i += 1) {
    const body = eventBody(i, [channel], 100);
    await connection.post(signedRequest("events", JSON.stringify(body)));
    const text = await texts.next();
    for (const part of [body["name"], body["data"], channel]) {
      if (!text.includes(JSON.stringify(part))) throw new Error(`Event ${i} did not arrive whole: ${text}`);
    }
  }
  connection.close();
  client.terminate();
}

interface Messages {
  next(): Promise<string>;
}

async function messagesOf(client: WebSocket): Promise<Messages> {
  const messages = on(client, "message");
  await once(client, "open");
  return {
    async next() {
      const timer = setTimeout(() => void messages.throw?.(new Error(`No message within ${timeoutMs} ms`)), timeoutMs);
      const { value } = (await messages.next()) as { readonly value: readonly [Buffer] };
      clearTimeout(timer);
      return value[0].toString();
    },
  };
}
