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
import { hideState } from "../hidden-state.ts";
import { checkChannelName, checkEventNameLength, checkSocketId, checkUserId } from "../names.ts";
import { webPlatform } from "../platform.ts";
import { sendPublish } from "../publish.ts";
import { batchRequest, eventRequest, type PublishRequest, type Writer } from "../publish-request.ts";
import { defaultRetries } from "../retry.ts";
import { SealcastError } from "../sealcast-error.ts";
import { signedQuery } from "../signed-query.ts";
import type { Transport } from "../transport.ts";
import { RequestError, toOfficialError, WebHookError, withOfficialErrors } from "./errors.ts";
import { addressOfConfig, asBuffer, configOf, ringOf, type BaseOptions, type Config, type Options } from "./options.ts";
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
  declare private readonly state: () => PusherState;

  constructor(options: Options) {
    const config = configOf(options);
    // Not enumerable, so that printing an instance does not print its secret.
    Object.defineProperty(this, "config", { value: config, enumerable: false, configurable: true, writable: true });
    const platform = { ...webPlatform, ...options.platform };
    const retryPolicy = { ...defaultRetries, timeoutMs: config.timeout || undefined, retries: options.retries ?? 0 };
    const ring = ringOf(options, config);
    const state: PusherState = {
      api: new Api(addressOfConfig(config), retryPolicy, transportFor(options), platform, String),
      writer: { encryption: ring && new Encryption(ring, platform), maxDataBytes: Infinity },
      now: platform.now,
    };
    hideState(this, state);
  }

  /**
   * Creates a client from `SCHEME://KEY:SECRET@HOST:PORT/apps/APP_ID`, with or without `new`. What the URL says takes
   * precedence over options.
   */
  static readonly forURL = function (pusherUrl: string, options: Partial<Options> = {}): Pusher {
    const { scheme, host, port, appId, token } = withOfficialErrors(() => parseAddress(pusherUrl));
    const { port: _, ...others } = options;
    // As in the official library, an id of digits is a number.
    const id = /^(0|[1-9]\d{0,14})$/.test(appId) ? Number(appId) : appId;
    return new Pusher({ ...others, scheme, host, appId: id, ...token, ...(port === undefined ? {} : { port }) });
  } as Factory<[pusherUrl: string, options?: Partial<Options>]>;

  /** Creates a client of a cluster of the hosted service, with or without `new`. */
  static readonly forCluster = function (cluster: string, options: Partial<Options> = {}): Pusher {
    return new Pusher({ ...(options as Options), host: clusterHost(cluster) });
  } as Factory<[cluster: string, options: BaseOptions]>;

  /** Publishes an event to up to 100 plain channels, or to one encrypted channel. */
  trigger(channels: string | string[], event: string, data: unknown, params?: Pusher.TriggerParams): Promise<Response> {
    return publish(this.state(), (writer) => {
      if (params?.socket_id) checkSocketId(params.socket_id);
      const names = Array.isArray(channels) ? channels : [channels];
      checkEventNameLength(event);
      checkTogether(names);
      return eventRequest(writer, names, { name: event, data, ...params });
    });
  }

  /** Publishes up to 10 events, each to its own channel. */
  triggerBatch(events: Pusher.BatchEvent[]): Promise<Response> {
    return publish(this.state(), (writer) =>
      batchRequest(
        writer,
        events.map((event) => ({ ...event })),
      ),
    );
  }

  /** Publishes an event to a signed-in user. */
  sendToUser(userId: string, event: string, data: unknown): Promise<Response> {
    return publish(this.state(), (writer) => {
      checkEventNameLength(event);
      checkUserId(userId);
      return eventRequest(writer, [serverToUserChannel(userId)], { name: event, data });
    });
  }

  /** Closes the connections of a signed-in user. */
  terminateUserConnections(userId: string): Promise<Response> {
    withOfficialErrors(() => checkUserId(userId));
    return this.post({ path: `/users/${userId}/terminate_connections`, body: {} });
  }

  /** Signs and sends a GET; `path` is below `/apps/{id}`. */
  get(options: Pusher.GetOptions): Promise<Response> {
    return send(this, this.state(), "GET", options);
  }

  /** Signs and sends a POST with a JSON body. */
  post(options: Pusher.PostOptions): Promise<Response> {
    return send(this, this.state(), "POST", options);
  }

  /** Signs a subscription, with `shared_secret` for an encrypted channel. */
  authorizeChannel(socketId: string, channel: string, data?: Pusher.PresenceChannelData): ChannelAuthorization {
    const { encryption } = this.state().writer;
    const { token } = this.config;
    return withOfficialErrors(() => authorizeChannel({ token, encryption }, socketId, channel, data, "current"));
  }

  /** Signs a sign-in. */
  authenticateUser(socketId: string, userData: Pusher.UserChannelData): UserAuthentication {
    return withOfficialErrors(() => authenticateUser({ token: this.config.token }, socketId, userData));
  }

  /** Wraps a webhook request. Nothing is checked yet. */
  webhook(request: WebHookRequest): WebHook {
    return new WebHook(this.config.token, request);
  }

  /** Returns the query string of a signed request. */
  createSignedQueryString(options: Pusher.SignedQueryStringOptions): string {
    return withOfficialErrors(() => signedQuery(this.config.token, options, this.state().now()));
  }

  /** Returns the secret of an encrypted channel, 32 bytes: a `Buffer` in runtimes that have it, as in the official library. */
  channelSharedSecret(channel: string): Uint8Array {
    const { encryption } = this.state().writer;
    if (encryption === undefined) {
      throw new Error("Cannot generate shared_secret because encryptionMasterKey is not set");
    }
    return asBuffer(encryption.sharedSecret(channel));
  }
}

/** The parts that the methods of {@link Pusher} use. */
interface PusherState {
  readonly api: Api;
  readonly writer: Writer;
  readonly now: () => number;
}

function publish({ api, writer }: PusherState, build: (writer: Writer) => PublishRequest): Promise<Response> {
  const request = withOfficialErrors(() => build(writer));
  return sendPublish(api, writer, request).catch(throwOfficialError);
}

function send(
  pusher: Pusher,
  { api }: PusherState,
  method: "GET" | "POST",
  { path, params, body }: Pusher.PostOptions,
): Promise<Response> {
  // As in the official library, a parameter that is not allowed throws at once: sign now.
  pusher.createSignedQueryString({ method, path, params });
  const text = body ? JSON.stringify(body) : undefined;
  const request = { method, resource: path, params, idempotent: method === "GET" };
  return api
    .sendForResponse({ ...request, ...(text === undefined ? {} : { body: () => text }) })
    .catch(throwOfficialError);
}

/** Checks channels that are to get one event in one request. */
function checkTogether(channels: readonly string[]): void {
  if (channels.length > limits.channelsPerPublish) {
    throw new SealcastError("invalid-argument", "Can't trigger a message to more than 100 channels");
  }
  for (const channel of channels) checkChannelName(channel);
  if (channels.length > 1 && channels.some(isEncryptedChannel)) {
    throw new SealcastError(
      "invalid-argument",
      "You cannot trigger to multiple channels when using encrypted channels",
    );
  }
}

/** A function that may be called with `new`, as the official library's may. */
interface Factory<Parameters extends unknown[]> {
  (...parameters: Parameters): Pusher;
  new (...parameters: Parameters): Pusher;
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

function throwOfficialError(error: unknown): never {
  throw toOfficialError(error);
}

function transportFor({ agent, fetch: fetchOne }: Options): Transport {
  if (fetchOne !== undefined) return transportOver(fetchOne);
  return agent === undefined ? defaultTransport : transportThrough(agent);
}
