import OfficialPusher from "pusher";
import nacl from "tweetnacl";
import DropIn from "../pusher.ts";
import type { CapturedRequest } from "./capture-server.ts";

/** The interface of both libraries. The drop-in must behave as the official one in every row of the tables. */
export interface Library {
  new (options: object): Pusher;
  forURL(url: string, options?: object): Pusher;
  forCluster(cluster: string, options?: object): Pusher;
}
export interface Pusher {
  trigger(channels: unknown, event: unknown, data: unknown, params?: object): Promise<Answer>;
  triggerBatch(events: object[]): Promise<Answer>;
  sendToUser(userId: unknown, event: unknown, data: unknown): Promise<Answer>;
  terminateUserConnections(userId: unknown): Promise<Answer>;
  get(options: object): Promise<Answer>;
  post(options: object): Promise<Answer>;
  authenticate(socketId: unknown, channel: unknown, data?: unknown): object;
  authorizeChannel(socketId: unknown, channel: unknown, data?: unknown): object;
  authenticateUser(socketId: unknown, userData: unknown): object;
  createSignedQueryString(options: object): string;
  channelSharedSecret(channel: string): Uint8Array;
  webhook(request: object): WebHook;
  config: Record<string, unknown>;
}
export interface Answer {
  readonly status: number;
  text(): Promise<string>;
}
export interface WebHook {
  isValid(extraTokens?: unknown): boolean;
  isContentTypeValid(): boolean;
  isBodyValid(): boolean;
  getData(): unknown;
  getEvents(): unknown;
  getTime(): Date;
}

/** The official library and the drop-in, under one interface. */
export const libraries = { official: OfficialPusher as unknown as Library, ours: DropIn as unknown as Library };

export const credentials = { appId: "1001", key: "278d425bdf160c739803", secret: "7ad3773142a6692b25b8" };
export const encryptionMasterKeyBase64 = "qfxgCV1pWJyMDZ9weSkd6Bqtcj3q4j2GdfkEUwIkoIw=";

/** Returns a client of each library with the same options and the same nonces. */
export function bothClients(options: object = {}): Readonly<Record<keyof typeof libraries, Pusher>> {
  const naclBytes = countingBytes();
  nacl.setPRNG((target, length) => target.set(naclBytes(length)));
  const common = { ...credentials, encryptionMasterKeyBase64, ...options };
  return {
    official: new libraries.official(common),
    ours: new libraries.ours({ ...common, platform: { randomBytes: countingBytes() } }),
  };
}

/** Returns the answer of a call, or its error and whether it was thrown or rejected. */
export async function outcomeOf(call: () => Promise<Answer>): Promise<object> {
  let pending: Promise<Answer>;
  try {
    pending = call();
  } catch (error) {
    return { thrown: (error as Error).message };
  }
  try {
    const answer = await pending;
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    const {
      name,
      message,
      status,
      body,
      url = "",
    } = error as Error & Record<"status" | "body" | "url", string | undefined>;
    return { name, message, status, body, url: url.replace(/auth_signature=\w{64}/, "auth_signature=…") };
  }
}

/** Returns the parts of a request that must be equal. */
export function comparable({ method, url, body, headers }: CapturedRequest): object {
  return {
    method,
    url,
    body,
    contentType: headers["content-type"],
    contentLength: headers["content-length"],
    host: headers.host,
  };
}

/** Returns the message of the error that a call throws; empty if it throws none. */
export function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

/** Returns the result of a call, or the error that it throws. */
export function resultOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    const { name, message } = error as Error;
    return { name, message };
  }
}

/** Returns a generator that gives both libraries the same nonces. */
function countingBytes(): (length: number) => Uint8Array {
  let draw = 0;
  return (length) => {
    draw += 1;
    return Uint8Array.from({ length }, (_, index) => (draw * 31 + index) & 255);
  };
}
