import nacl from "tweetnacl";
import { RawClient, type ServerFrame } from "../fixtures/raw-client.ts";
import type { CompatAddress, CompatClient, CompatLibrary, Received } from "./compat-client.ts";

/** No library at all: frames over a WebSocket. */
export const rawSocket: CompatLibrary = {
  name: "raw socket",
  async connect(address) {
    const client = new RawSocketClient(address);
    await client.open();
    return client;
  },
};

interface Authorization {
  readonly auth?: string;
  readonly channel_data?: string;
  readonly shared_secret?: string;
}

class RawSocketClient implements CompatClient {
  readonly #address: CompatAddress;
  readonly #secrets = new Map<string, Uint8Array>();
  #client: RawClient | undefined;

  constructor(address: CompatAddress) {
    this.#address = address;
  }

  async open(): Promise<void> {
    this.#client = await RawClient.connect(this.#address.serverPort);
  }

  async subscribe(channel: string): Promise<"subscribed" | "refused"> {
    await this.#sendSubscribe(channel);
    const outcomes = ["pusher_internal:subscription_succeeded", "pusher:subscription_error"];
    const frame = await this.#raw.inbox.next(({ event, channel: of }) => of === channel && outcomes.includes(event));
    return frame.event === "pusher:subscription_error" ? "refused" : "subscribed";
  }

  subscribeAgain(channel: string): void {
    void this.#sendSubscribe(channel);
  }

  unsubscribe(channel: string): void {
    this.#raw.unsubscribe(channel);
  }

  trigger(channel: string, data: object): boolean {
    this.#raw.send({ event: "client-move", channel, data: this.#seal(channel, data) });
    return true;
  }

  async next(channel: string, event: string): Promise<Received> {
    return this.#received(await this.#raw.next(event, channel));
  }

  async settled(): Promise<Received[]> {
    const frames = await this.#raw.settled();
    const events = frames.filter(({ event }) => event === "news" || event === "client-move");
    return events.map((frame) => this.#received(frame));
  }

  async reconnected(channels: readonly string[]): Promise<void> {
    await this.#raw.closed;
    await this.open();
    for (const channel of channels) await this.subscribe(channel);
  }

  close(): void {
    this.#client?.drop();
  }

  get #raw(): RawClient {
    if (this.#client === undefined) throw new Error("Not connected");
    return this.#client;
  }

  async #sendSubscribe(channel: string): Promise<void> {
    const authorization = /^p(rivate|resence)-/.test(channel) ? await this.#authorize(channel) : {};
    const { shared_secret: secret, ...sent } = authorization;
    if (secret !== undefined) this.#secrets.set(channel, Buffer.from(secret, "base64"));
    this.#raw.send({ event: "pusher:subscribe", data: { channel, ...sent } });
  }

  async #authorize(channel: string): Promise<Authorization> {
    const { backendUrl, user } = this.#address;
    const body = new URLSearchParams({ socket_id: this.#raw.socketId, channel_name: channel, user });
    const response = await fetch(`${backendUrl}/pusher/auth`, { method: "POST", body });
    return (await response.json()) as Authorization;
  }

  #seal(channel: string, data: unknown): unknown {
    const secret = this.#secrets.get(channel);
    if (secret === undefined) return data;
    const nonce = nacl.randomBytes(24);
    const ciphertext = nacl.secretbox(new TextEncoder().encode(JSON.stringify(data)), nonce, secret);
    return { nonce: Buffer.from(nonce).toString("base64"), ciphertext: Buffer.from(ciphertext).toString("base64") };
  }

  #received({ channel = "", event, data, user_id: userId }: ServerFrame): Received {
    const secret = this.#secrets.get(channel);
    const decoded = decode(String(data));
    return { channel, event, userId, data: secret === undefined ? decoded : open(secret, decoded) };
  }
}

/** Decodes data as client libraries do: the value if it is JSON, else the text. */
function decode(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function open(secret: Uint8Array, payload: unknown): unknown {
  const { nonce, ciphertext } = payload as { nonce: string; ciphertext: string };
  const bytes = nacl.secretbox.open(Buffer.from(ciphertext, "base64"), Buffer.from(nonce, "base64"), secret);
  if (bytes === null) throw new Error("The payload does not open");
  return decode(new TextDecoder().decode(bytes));
}
