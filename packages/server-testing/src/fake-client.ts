import type { LinkEvents, OpenRequest, TransportHandlers } from "@sealcast/server";
import { FakeLink, type ReceivedFrame } from "./fake-link.ts";
import { channelAuth, userAuth } from "./signatures.ts";

/** A client without a socket: a test says what it sends, and sees what it gets. */
export class FakeClient {
  readonly link = new FakeLink();
  readonly #events: LinkEvents;

  /** Connects. A refused client has an `ended` link. */
  constructor(handlers: Pick<TransportHandlers, "open">, request: OpenRequest) {
    this.#events = handlers.open(request, this.link);
  }

  /** The id out of the greeting. */
  get socketId(): string {
    const greeting = JSON.parse(this.link.texts[0] ?? "{}") as { data?: string };
    return (JSON.parse(greeting.data ?? "{}") as { socket_id?: string }).socket_id ?? "";
  }

  /** How the server closed the connection; undefined while it did not. */
  get closeCode(): number | undefined {
    return this.link.ended?.code;
  }

  /** Sends a message: text as it is, anything else as its JSON. */
  send(message: unknown): void {
    this.#events.receive(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Subscribes with a good signature; on presence channels `channelData` says as whom. */
  subscribe(channel: string, channelData?: string): void {
    const auth = channelAuth(this.socketId, channel, channelData);
    this.send({ event: "pusher:subscribe", data: { auth, channel, channel_data: channelData } });
  }

  /** Subscribes to a presence channel as a user. */
  join(channel: string, userId: string | number, userInfo?: unknown): void {
    this.subscribe(channel, JSON.stringify({ user_id: userId, user_info: userInfo }));
  }

  unsubscribe(channel: string): void {
    this.send({ event: "pusher:unsubscribe", data: { channel } });
  }

  /** Signs in with a good signature. */
  signIn(user: { readonly id: unknown; readonly user_info?: unknown; readonly watchlist?: unknown }): void {
    const userData = JSON.stringify(user);
    this.send({ event: "pusher:signin", data: { auth: userAuth(this.socketId, userData), user_data: userData } });
  }

  /** Sends a client event. */
  whisper(channel: string, event: string, data: unknown): void {
    this.send({ event, channel, data });
  }

  /** Sends a WebSocket ping. */
  ping(): void {
    this.#events.alive();
  }

  /** Disconnects without a Close frame. */
  drop(): void {
    this.#events.closed();
  }

  /** The messages that came since the last call. */
  take(): ReceivedFrame[] {
    return this.link.take();
  }
}
