import type { Sealcast as Client } from "@sealcast/client";
import type { Sealcast as Api } from "@sealcast/server-sdk";
import type { ReceivedEvent } from "./event-line.ts";

/** What happens on a channel. */
export interface ChannelListener {
  received(event: ReceivedEvent): void;
  subscribed(channel: string): void;
  refused(channel: string, reason: string): void;
}

/** Subscribes to a channel and decrypts its events if it is encrypted. */
export function listen(client: Client, name: string, listener: ChannelListener): void {
  client.subscribe(name).bind_global((event, data) => {
    if (event === "pusher:subscription_succeeded") listener.subscribed(name);
    else if (event === "pusher:subscription_error") listener.refused(name, reasonOf(data));
    else listener.received({ channel: name, event, data });
  });
}

/** Subscribes to an encrypted channel and leaves its events as the server sees them. The client library would decrypt. */
export function listenToCiphertext(client: Client, api: Api, name: string, listener: ChannelListener): void {
  client.connection.bind("connected", ({ socket_id }) => {
    client.send_event("pusher:subscribe", { channel: name, auth: api.authorizeChannel(socket_id, name).auth });
  });
  client.connection.bind("message", ({ channel, event, data }) => {
    if (channel !== name) return;
    if (event === "pusher_internal:subscription_succeeded") listener.subscribed(name);
    else if (event === "pusher:subscription_error") listener.refused(name, reasonOf(data));
    else listener.received({ channel: name, event, data });
  });
}

function reasonOf(data: unknown): string {
  return typeof data === "object" && data !== null && "error" in data ? String(data.error) : "no reason given";
}
