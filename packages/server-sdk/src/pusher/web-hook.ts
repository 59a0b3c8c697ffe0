import { WebHookError } from "./errors.ts";
import { Token } from "./token.ts";

/** A webhook request. Header names are in lower case. */
export interface WebHookRequest {
  headers: object;
  rawBody: string;
}

/** The parsed body of a webhook. */
export interface WebHookData {
  time_ms: number;
  events: WebHookEvent[];
}

/** One event of a webhook, as it is in the body. */
export interface WebHookEvent {
  name: string;
  channel: string;
  event: string;
  data: string;
  socket_id: string;
}

/** The webhook of the official library. Call {@link WebHook.isValid} before using what the other methods return. */
export class WebHook {
  token: Token;
  key: string | undefined;
  signature: string | undefined;
  contentType: string | undefined;
  body: string;
  data: unknown;

  constructor(token: { key: string; secret: string }, request: WebHookRequest) {
    this.token = token instanceof Token ? token : new Token(token.key, token.secret);
    const { headers } = request;
    this.key = textOf(Reflect.get(headers, "x-pusher-key"));
    this.signature = textOf(Reflect.get(headers, "x-pusher-signature"));
    this.contentType = textOf(Reflect.get(headers, "content-type"));
    this.body = request.rawBody;
    this.data = this.isContentTypeValid() ? parseOrUndefined(this.body) : undefined;
  }

  /** Returns whether body and signature are valid, for this app's token or one of the extra ones. */
  isValid(extraTokens?: { key: string; secret: string } | { key: string; secret: string }[] | null): boolean {
    if (!this.isBodyValid()) return false;
    const tokens = [this.token, extraTokens ?? []].flat();
    return tokens.some(
      ({ key, secret }) => key === this.key && new Token(key, secret).verify(this.body, this.signature ?? ""),
    );
  }

  /** Returns whether the content type is exactly `application/json`. */
  isContentTypeValid(): boolean {
    return this.contentType === "application/json";
  }

  /** Returns whether the content type is right and the body is JSON. */
  isBodyValid(): boolean {
    return this.data !== undefined;
  }

  /**
   * Returns the parsed body. Does not check the signature.
   *
   * @throws {WebHookError} if the body is not valid.
   */
  getData(): WebHookData {
    if (!this.isBodyValid()) {
      throw new WebHookError("Invalid WebHook body", this.contentType ?? "", this.body, this.signature ?? "");
    }
    return this.data as WebHookData;
  }

  /** Returns the events of the body. Throws as {@link WebHook.getData} does. */
  getEvents(): WebHookEvent[] {
    return this.getData().events;
  }

  /** Returns when the server created the webhook. */
  getTime(): Date {
    return new Date(this.getData().time_ms);
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
