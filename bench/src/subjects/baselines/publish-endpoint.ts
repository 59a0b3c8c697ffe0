import type { IncomingMessage, ServerResponse } from "node:http";

/** One event as a baseline passes it on. */
export interface BaselineEvent {
  readonly channel: string;
  readonly name: string;
  readonly data: string;
}

/** The least that can be called a publish endpoint: read the body, parse it, hand on its events. Nothing is checked. */
export function publishEndpoint(publish: (event: BaselineEvent) => void) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      for (const event of eventsOf(Buffer.concat(chunks).toString())) publish(event);
      response.end("{}");
    });
  };
}

/** Events of a body of the `events` or the `batch_events` endpoint. */
export function eventsOf(body: string): readonly BaselineEvent[] {
  const parsed = JSON.parse(body) as BaselineEvent | { readonly batch: readonly BaselineEvent[] };
  return "batch" in parsed ? parsed.batch : [parsed];
}

/** The frame that official clients expect. */
export function frameText({ channel, name, data }: BaselineEvent): string {
  return JSON.stringify({ event: name, channel, data });
}

/** First message to a client, and the answer to a subscription, as official clients expect them. */
export const greeting = JSON.stringify({
  event: "pusher:connection_established",
  data: JSON.stringify({ socket_id: "1.1", activity_timeout: 120 }),
});
export const confirmation = (channel: string): string =>
  JSON.stringify({ event: "pusher_internal:subscription_succeeded", channel, data: "{}" });

/** A WebSocket text frame of a server, for messages of up to 65,535 bytes (RFC 6455, 5.2). */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head = length < 126 ? [0x81, length] : [0x81, 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), payload]);
}

/** What a baseline understands of a client's message. */
export function subscriptionOf(text: string): string {
  return (JSON.parse(text) as { readonly data: { readonly channel: string } }).data.channel;
}
