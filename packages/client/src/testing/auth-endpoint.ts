import { vi } from "vitest";
import type { ChannelRequest } from "../auth/channel-request.ts";
import type { SealcastError } from "../sealcast-error.ts";

/** An endpoint that answers as a test tells it to, and notes what it was asked. */
export class Endpoint {
  readonly asked: {
    readonly url: string;
    readonly body: string;
    readonly headers: unknown;
    readonly credentials: unknown;
  }[] = [];
  answer: (form: URLSearchParams) => Response | Promise<Response> = (form) => {
    const names = form.getAll("channel_name[]");
    if (!names.length) return Response.json({ auth: `k:${form.get("channel_name")}` });
    return Response.json({
      channels: Object.fromEntries(names.map((name) => [name, { status: 200, auth: `k:${name}` }])),
    });
  };

  readonly fetch: typeof fetch = async (url, init = {}) => {
    const body = init.body as string;
    this.asked.push({
      url: url instanceof Request ? url.url : String(url),
      body,
      headers: init.headers,
      credentials: init.credentials,
    });
    return this.answer(new URLSearchParams(body));
  };
}

/** What a channel asks for. */
export const join = (channel: string, socketId = "1.1"): ChannelRequest => ({
  channel,
  socketId,
  attempts: 3,
  encrypted: channel.startsWith("private-encrypted-"),
});

/** Lets all pauses pass, and gives how a promise ended. */
export async function outcome<T>(promise: Promise<T>): Promise<T | SealcastError> {
  const ended = promise.catch((error: unknown) => error as SealcastError);
  await vi.runAllTimersAsync();
  return ended;
}
