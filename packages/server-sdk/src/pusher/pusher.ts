import { defaultTransport, transportThrough } from "#transport";
import { limits, serverToUserChannel } from "@sealcast/protocol";
import { parseAddress, clusterHost } from "../address.ts";
import { Api } from "../api.ts";
import {
  authenticateUser,
  authorizeChannel,
  type ChannelAuthorization,
  type UserAuthentication,
} from "../authorize.ts";
import { Encryption, isEncryptedChannel } from "../encryption.ts";
import { transportOver } from "../fetch-transport.ts";
import { checkChannelName, checkEventName, checkSocketId, checkUserId } from "../names.ts";
import { webPlatform } from "../platform.ts";
import { sendPublish } from "../publish.ts";
import { batchRequest, eventRequest, type PublishRequest, type Writer } from "../publish-request.ts";
import { defaultRetries } from "../retry.ts";
import { SealcastError } from "../sealcast-error.ts";
import { signedQuery } from "../signed-query.ts";
import type { Transport } from "../transport.ts";
import { RequestError, toRequestError, WebHookError } from "./errors.ts";
import { addressOfConfig, configOf, ringOf, type BaseOptions, type Config, type Options } from "./options.ts";
import { Token } from "./token.ts";
import { WebHook, type WebHookData, type WebHookEvent, type WebHookRequest } from "./web-hook.ts";

/**
 * The class of the official library: the same options, methods, request bytes, results and errors, and the same limits.
 * The `Sealcast` class of the main entry does not have those limits.
 *
 * @example
 * ```ts
 * const pusher = new Pusher({ appId: "1001", key: "app-key", secret: "app-secret", host: "127.0.0.1", port: "6001" });
 * await pusher.trigger("news", "headline", { text: "Hello" });
 * ```
 */
export class Pusher {
  static readonly Token = Token;
  static readonly RequestError = RequestError;
  static readonly WebHookError = WebHookError;

  static {
    // oxlint-disable-next-line typescript/unbound-method -- it is assigned as a method again
    Pusher.prototype.authenticate = Pusher.prototype.authorizeChannel;
  }

  declare readonly config: Config;
  /** @deprecated the old name of {@link authorizeChannel} */
  declare authenticate: Pusher["authorizeChannel"];
  readonly #api: Api;
  readonly #writer: Writer;
  readonly #now: () => number;

  constructor(options: Options) {
    const config = configOf(options);
    // Not enumerable, so that printing an instance does not print its secret.
    Object.defineProperty(this, "config", { value: config });
    const platform = { ...webPlatform, ...options.platform };
    const retryPolicy = { ...defaultRetries, timeoutMs: config.timeout || undefined, retries: options.retries ?? 0 };
    this.#api = new Api(addressOfConfig(config), retryPolicy, transportFor(options), platform, String);
    const ring = ringOf(options, config);
    this.#writer = { encryption: ring && new Encryption(ring, platform), maxDataBytes: Infinity };
    this.#now = platform.now;
  }

  /** Creates a client from `SCHEME://KEY:SECRET@HOST:PORT/apps/APP_ID`. What the URL says takes precedence over options. */
  static forURL(pusherUrl: string, options: Partial<Options> = {}): Pusher {
    const { scheme, host, port, appId, token } = parseAddress(pusherUrl);
    const { port: _, ...others } = options;
    return new Pusher({ ...others, scheme, host, appId, ...token, ...(port === undefined ? {} : { port }) });
  }

  /** Creates a client of a cluster of the hosted service. */
  static forCluster(cluster: string, options: Options): Pusher {
    return new Pusher({ ...options, host: clusterHost(cluster) });
  }

  /** Publishes an event to up to 100 plain channels, or to one encrypted channel. */
  trigger(channels: string | string[], event: string, data: unknown, params?: Pusher.TriggerParams): Promise<Response> {
    if (params?.socket_id) checkSocketId(params.socket_id);
    const names = Array.isArray(channels) ? channels : [channels];
    checkEventName(event);
    if (names.length > limits.channelsPerPublish) {
      throw new SealcastError("invalid-argument", "Can't trigger a message to more than 100 channels");
    }
    for (const name of names) checkChannelName(name);
    if (names.length > 1 && names.some(isEncryptedChannel)) {
      throw new SealcastError(
        "invalid-argument",
        "You cannot trigger to multiple channels when using encrypted channels",
      );
    }
    return this.#publish(eventRequest(this.#writer, names, { name: event, data, ...params }));
  }

  /** Publishes up to 10 events, each to its own channel. */
  triggerBatch(events: Pusher.BatchEvent[]): Promise<Response> {
    return this.#publish(
      batchRequest(
        this.#writer,
        events.map((event) => ({ ...event })),
      ),
    );
  }

  /** Publishes an event to a signed-in user. */
  sendToUser(userId: string, event: string, data: unknown): Promise<Response> {
    checkEventName(event);
    checkUserId(userId);
    return this.#publish(eventRequest(this.#writer, [serverToUserChannel(userId)], { name: event, data }));
  }

  /** Closes the connections of a signed-in user. */
  terminateUserConnections(userId: string): Promise<Response> {
    checkUserId(userId);
    return this.post({ path: `/users/${userId}/terminate_connections`, body: {} });
  }

  /** Signs and sends a GET; `path` is below `/apps/{id}`. */
  get(options: Pusher.GetOptions): Promise<Response> {
    return this.#send("GET", options);
  }

  /** Signs and sends a POST with a JSON body. */
  post(options: Pusher.PostOptions): Promise<Response> {
    return this.#send("POST", options);
  }

  /** Signs a subscription, with `shared_secret` for an encrypted channel. */
  authorizeChannel(socketId: string, channel: string, data?: Pusher.PresenceChannelData): ChannelAuthorization {
    return authorizeChannel(this.config.token, this.#writer.encryption, socketId, channel, data);
  }

  /** Signs a sign-in. */
  authenticateUser(socketId: string, userData: Pusher.UserChannelData): UserAuthentication {
    return authenticateUser(this.config.token, socketId, userData);
  }

  /** Wraps a webhook request. Nothing is checked yet. */
  webhook(request: WebHookRequest): WebHook {
    return new WebHook(this.config.token, request);
  }

  /** Returns the query string of a signed request. */
  createSignedQueryString(options: Pusher.SignedQueryStringOptions): string {
    return signedQuery(this.config.token, options, this.#now());
  }

  /** Returns the secret of an encrypted channel, 32 bytes: a `Buffer` in runtimes that have it, as in the official library. */
  channelSharedSecret(channel: string): Uint8Array {
    if (this.#writer.encryption === undefined) {
      throw new SealcastError(
        "no-encryption-key",
        "Cannot generate shared_secret because encryptionMasterKey is not set",
      );
    }
    return asBuffer(this.#writer.encryption.sharedSecret(channel));
  }

  #publish(request: PublishRequest): Promise<Response> {
    return sendPublish(this.#api, this.#writer, request).catch(throwRequestError);
  }

  #send(method: "GET" | "POST", { path, params, body }: Pusher.PostOptions): Promise<Response> {
    // As in the official library, a parameter that is not allowed throws at once: sign now.
    this.createSignedQueryString({ method, path, params });
    const text = body ? JSON.stringify(body) : undefined;
    return this.#api
      .sendForResponse({
        method,
        resource: path,
        params,
        idempotent: method === "GET",
        ...(text === undefined ? {} : { body: () => text }),
      })
      .catch(throwRequestError);
  }
}

/** The types that the official package declares under its class. */
// oxlint-disable-next-line typescript/no-namespace -- the official package has it, and its users write `Pusher.Options`
export declare namespace Pusher {
  export type { ChannelAuthorization as ChannelAuthResponse, ChannelAuthorization as AuthResponse };
  export type { UserAuthentication as UserAuthResponse };
  export type { BaseOptions, Options, WebHook, WebHookData, WebHookEvent as Event, WebHookRequest };
  export type Token = InstanceType<typeof Pusher.Token>;
  export type RequestError = InstanceType<typeof Pusher.RequestError>;
  export type WebHookError = InstanceType<typeof Pusher.WebHookError>;
  export type Response = globalThis.Response;

  export interface TriggerParams {
    socket_id?: string;
    info?: string;
  }
  export interface BatchEvent {
    channel: string;
    name: string;
    data: unknown;
    socket_id?: string;
    info?: string;
  }
  // oxlint-disable-next-line typescript/no-explicit-any -- with `unknown`, objects of an interface would not fit
  type Anything = any;
  export type Params = Record<string, Anything>;
  export interface RequestOptions {
    path: string;
    params?: Params | undefined;
  }
  export type GetOptions = RequestOptions;
  export interface PostOptions extends RequestOptions {
    /** Sent as JSON. */
    body?: unknown;
  }
  export interface SignedQueryStringOptions {
    method: string;
    path: string;
    body?: string | undefined;
    params?: Params | undefined;
  }
  export interface PresenceChannelData {
    user_id: string;
    user_info?: Record<string, Anything>;
  }
  export interface UserChannelData {
    id: string;
    [field: string]: Anything;
  }
}

/** Users of the official library call `.toString("base64")`, which works only on a `Buffer`. */
function asBuffer(bytes: Uint8Array): Uint8Array {
  const { Buffer } = globalThis as { readonly Buffer?: { from(bytes: Uint8Array): Uint8Array } };
  return Buffer?.from(bytes) ?? bytes;
}

function throwRequestError(error: unknown): never {
  throw toRequestError(error);
}

function transportFor({ agent, fetch: fetchOne }: Options): Transport {
  if (fetchOne !== undefined) return transportOver(fetchOne);
  return agent === undefined ? defaultTransport : transportThrough(agent);
}
