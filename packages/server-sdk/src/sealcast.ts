import { defaultTransport } from "#transport";
import { limits, serverToUserChannel, traitsOf } from "@sealcast/protocol";
import { isLoopback, parseAddress, type Address } from "./address.ts";
import { Api } from "./api.ts";
import {
  authenticateUser,
  authorizeChannel,
  type ChannelAuthorization,
  type PresenceData,
  type SignInData,
  type UserAuthentication,
} from "./authorize.ts";
import {
  queryChannel,
  queryChannels,
  queryUsers,
  type ChannelCounts,
  type ChannelInfo,
  type ChannelState,
  type CountName,
} from "./channel-query.ts";
import { Encryption } from "./encryption.ts";
import type { EncryptionOptions } from "./encryption-options.ts";
import { transportOver } from "./fetch-transport.ts";
import { checkChannelName, checkEventName, checkUserId, invalid } from "./names.ts";
import { queryHistory, type ChannelHistory, type HistoryQuery } from "./history.ts";
import { hideState } from "./hidden-state.ts";
import { openWebhook, type OpenedWebhook, type WebhookRequest, type WebhookTrust } from "./open-webhook.ts";
import { webPlatform, type Platform } from "./platform.ts";
import { publishBatch, publishToChannels } from "./publish.ts";
import type { BatchEvent, Writer } from "./publish-request.ts";
import { republish, type CachedChannel, type Republished } from "./republish.ts";
import { defaultRetries } from "./retry.ts";
import { SealcastError } from "./sealcast-error.ts";
import { addressOf, checkOptions, encryptionOf, type SealcastOptions } from "./sealcast-options.ts";
import { SealedChannels } from "./sealed/sealed-channels.ts";
import type { SealedOptions } from "./sealed/sealed-options.ts";
import { signedQuery, type SignableRequest } from "./signed-query.ts";
import {
  paramsOf,
  publishedInfoOf,
  type PublishedInfo,
  type TriggerEvent,
  type TriggerOptions,
} from "./trigger-options.ts";

/**
 * A client of the HTTP API of one app: publishes events, queries channels, authorizes subscriptions and reads webhooks.
 *
 * Methods that send a request return promises that reject with {@link SealcastError}; methods that only sign throw it.
 * Calls that are safe to repeat are repeated for up to 10 seconds, so that a restart of the server loses nothing.
 *
 * @example
 * ```ts
 * const sealcast = new Sealcast({ appId: "1001", key: "app-key", secret: "app-secret" });
 * await sealcast.trigger("news", "headline", { text: "Hello" });
 * ```
 */
export class Sealcast {
  declare private readonly state: () => SealcastState;

  /** @throws {SealcastError} `invalid-options` that names the option which is missing, unknown or not valid. */
  constructor(options: SealcastOptions) {
    checkOptions(options);
    const platform = { ...webPlatform, ...options.platform };
    const address = addressOf(options);
    const { timeoutMs = 10_000, maxDataBytes = limits.eventDataBytes } = options;
    const { retries = defaultRetries.retries, retryWithinMs = defaultRetries.retryWithinMs } = options;
    const transport = options.fetch === undefined ? defaultTransport : transportOver(options.fetch);
    const retryPolicy = { timeoutMs: timeoutMs || undefined, retries, retryWithinMs };
    const keys = encryptionOf(options);
    const encryption = keys === undefined ? undefined : new Encryption(keys, platform);
    const sealed = options.sealed && new SealedChannels(options.sealed, address.appId, platform);
    const state: SealcastState = {
      address,
      api: new Api(address, retryPolicy, transport, platform),
      writer: { encryption, sealed, maxDataBytes },
      platform,
    };
    hideState(this, state);
  }

  /**
   * Creates a client from one URL. What the URL says takes precedence over `options`.
   *
   * @param url `SCHEME://KEY:SECRET@HOST:PORT/apps/APP_ID`; without a port, that of the scheme.
   * @throws {SealcastError} `invalid-options` if the URL lacks a part.
   * @example
   * ```ts
   * const sealcast = Sealcast.forURL("https://app-key:app-secret@rt.example.com/apps/1001");
   * ```
   */
  static forURL(url: string, options: Partial<SealcastOptions> = {}): Sealcast {
    const { scheme, host, port, pathPrefix, appId, token } = parseAddress(url);
    const { cluster: _, port: _port, ...others } = options;
    const useTLS = scheme === "https";
    // A URL without a port means the port of its scheme, also on this machine.
    const urlPort = port ?? (isLoopback(host) ? (useTLS ? 443 : 80) : undefined);
    const where = { host, pathPrefix, useTLS, ...(urlPort !== undefined && { port: urlPort }) };
    return new Sealcast({ ...others, ...token, appId, ...where });
  }

  /** Creates a client of a cluster of the hosted Pusher service, such as `eu`. */
  static forCluster(cluster: string, options: SealcastOptions): Sealcast {
    const { host: _, ...others } = options;
    return new Sealcast({ ...others, cluster });
  }

  /**
   * Publishes an event to one or more channels, plain and encrypted ones mixed, in as many requests as necessary.
   *
   * @param data any JSON value; text goes to plain channels as it is.
   * @param options `idempotencyKey`: also repeats the request if it is not known whether the server has received it.
   * @returns what `info` asked for, by channel.
   * @example
   * ```ts
   * await sealcast.trigger(["news", "private-encrypted-orders"], "created", { total: 12 }, { socketId });
   * ```
   */
  async trigger(
    channels: string | readonly string[],
    event: string,
    data: unknown,
    options: TriggerOptions = {},
  ): Promise<ReadonlyMap<string, PublishedInfo>> {
    const names = typeof channels === "string" ? [channels] : channels;
    for (const channel of names) checkChannelName(channel);
    checkEventName(event);
    const counts = await publishToChannels(this.state().api, this.state().writer, names, {
      name: event,
      data,
      ...paramsOf(options),
    });
    return new Map([...counts].map(([channel, fields]) => [channel, publishedInfoOf(fields)]));
  }

  /**
   * Publishes several events, in order on each channel, ten in a request.
   *
   * @returns what each event's `info` asked for, in the order of `events`.
   * @example
   * ```ts
   * await sealcast.triggerBatch([
   *   { channel: "news", name: "headline", data: { text: "Hello" } },
   *   { channel: "private-encrypted-orders", name: "created", data: { total: 12 } },
   * ]);
   * ```
   */
  async triggerBatch(events: readonly TriggerEvent[]): Promise<readonly PublishedInfo[]> {
    const wireEvents = events.map(({ channel, name, data, ...options }): BatchEvent => {
      checkChannelName(channel);
      checkEventName(name);
      return { channel, name, data, ...paramsOf(options) };
    });
    const counts = await publishBatch(this.state().api, this.state().writer, wireEvents);
    return wireEvents.map((event) => publishedInfoOf(counts.get(event) ?? new Map<string, unknown>()));
  }

  /**
   * Publishes an event to every connection on which a user is signed in. It is encrypted end to end only with the option
   * `sealed.userEvents`.
   */
  async sendToUser(userId: string, event: string, data: unknown): Promise<void> {
    checkUserId(userId);
    checkEventName(event);
    await publishToChannels(this.state().api, this.state().writer, [serverToUserChannel(userId)], {
      name: event,
      data,
    });
  }

  /** Closes every connection on which a user is signed in. */
  async terminateUserConnections(userId: string): Promise<void> {
    checkUserId(userId);
    const resource = `/users/${userId}/terminate_connections`;
    await this.state().api.sendForJson({ method: "POST", resource, body: () => "{}", idempotent: true });
  }

  /**
   * Returns the occupied channels by name.
   *
   * @param query `prefix`: only channels whose names start with it; `info`: counts to return. `user_count` needs a prefix
   * that starts with `presence-`.
   */
  channels(
    query: { readonly prefix?: string; readonly info?: readonly CountName[] } = {},
  ): Promise<ReadonlyMap<string, ChannelCounts>> {
    return queryChannels(this.state().api, query);
  }

  /** Returns the state of one channel, occupied or not. The cached event of an encrypted channel is decrypted. */
  channel(name: string, info: readonly ChannelInfo[] = []): Promise<ChannelState> {
    return queryChannel(this.state().api, this.state().writer.encryption, name, info);
  }

  /** Returns the ids of the users on a presence channel. */
  users(presenceChannel: string): Promise<readonly string[]> {
    return queryUsers(this.state().api, presenceChannel);
  }

  /**
   * Returns the events that a channel keeps, oldest first. Those of encrypted channels are decrypted. Only with a Sealcast
   * server whose app has a `history` for this channel.
   *
   * @example
   * ```ts
   * const { events, truncated } = await sealcast.history("private-encrypted-orders", { after: position, limit: 100 });
   * ```
   */
  history(channel: string, query: HistoryQuery = {}): Promise<ChannelHistory> {
    return queryHistory(this.state().api, this.state().writer, channel, query);
  }

  /** Signs and sends any GET of the app's HTTP API. `path` is below `/apps/{id}` and starts with a slash. */
  get(request: { readonly path: string; readonly params?: Readonly<Record<string, unknown>> }): Promise<Response> {
    const { path, params } = request;
    return this.state().api.sendForResponse({ method: "GET", resource: path, params, idempotent: true });
  }

  /** Signs and sends any POST of the app's HTTP API. `body` is sent as JSON. */
  post(request: {
    readonly path: string;
    readonly params?: Readonly<Record<string, unknown>>;
    readonly body?: unknown;
  }): Promise<Response> {
    const { path, params, body = {} } = request;
    const write = (): string => JSON.stringify(body);
    return this.state().api.sendForResponse({ method: "POST", resource: path, params, body: write, idempotent: false });
  }

  /**
   * Signs a subscription to a private or presence channel, encrypted or not. Call it only after checking that this user
   * may read this channel; {@link createAuthHandler} does both.
   *
   * @param presence required for presence channels; every member of the channel sees it.
   * @param options `endToEnd`: the client sent `e2e=1`, so it can keep several secrets.
   * @throws {SealcastError} `invalid-argument` for a channel that needs no authorization, a malformed name or socket id,
   * or a presence channel without a user; `no-encryption-key` for an encrypted channel if no master key is set.
   * @example
   * ```ts
   * response.json(sealcast.authorizeChannel(socketId, "presence-room", { user_id: "ada", user_info: { name: "Ada" } }));
   * ```
   */
  authorizeChannel(
    socketId: string,
    channel: string,
    presence?: PresenceData,
    options: { readonly endToEnd?: boolean } = {},
  ): ChannelAuthorization {
    checkChannelName(channel);
    const { auth, members } = traitsOf(channel);
    if (auth !== "signature") throw invalid(`Channel '${channel}' needs no authorization: anyone may subscribe`);
    if (members && (typeof presence?.user_id !== "string" || presence.user_id === "")) {
      throw invalid(`Channel '${channel}' needs presence data with a user_id`);
    }
    return authorizeChannel(
      this.state().address.token,
      this.state().writer.encryption,
      socketId,
      channel,
      presence,
      options.endToEnd,
      this.state().writer.sealed,
    );
  }

  /**
   * Signs a sign-in. Call it only after authenticating the user; {@link createAuthHandler} does both.
   *
   * @throws {SealcastError} `invalid-argument` for a malformed socket id, or a user without an `id` of text.
   */
  authenticateUser(socketId: string, user: SignInData): UserAuthentication {
    const { address, writer } = this.state();
    return authenticateUser(address.token, socketId, user, writer.sealed);
  }

  /**
   * Verifies the signature and the age of a webhook, and parses it. Client events of encrypted channels are decrypted.
   *
   * @throws {SealcastError} `webhook-key`, `webhook-signature`, `webhook-malformed` or `webhook-stale`.
   * @example
   * ```ts
   * app.post("/webhook", express.raw({ type: "application/json" }), (request, response) => {
   *   for (const event of sealcast.webhook({ headers: request.headers, rawBody: request.body }).events) handle(event);
   *   response.sendStatus(200);
   * });
   * ```
   */
  webhook(request: WebhookRequest, trust: WebhookTrust = {}): OpenedWebhook {
    return openWebhook(
      request,
      this.state().address.token,
      this.state().writer.encryption,
      this.state().platform.now(),
      trust,
      this.state().writer.sealed,
    );
  }

  /**
   * Returns the id under which the server knows a user on a sealed presence channel, if the option `sealed.blindUserIds` hides
   * ids: `users()` and webhooks name this one.
   *
   * @throws {SealcastError} `no-encryption-key` without `sealed.nameKey`.
   */
  hiddenUserId(channel: string, userId: string): string {
    return requireSealed(this.state()).hiddenUserId(channel, userId);
  }

  /** Returns the signed query string of a request that you send yourself. */
  createSignedQueryString(request: SignableRequest): string {
    return signedQuery(this.state().address.token, request, this.state().platform.now());
  }

  /**
   * Returns the secret that clients of an encrypted channel get at this moment, 32 bytes.
   *
   * @throws {SealcastError} `no-encryption-key` if no master key is set.
   */
  channelSharedSecret(channel: string): Uint8Array {
    return requireEncryption(this.state(), "give the secret of a channel").sharedSecret(channel);
  }

  /**
   * Uses another key ring from now on, without a restart. To lose no event, give every backend a ring with the next key
   * and the same time `from`, later than the moment at which the last backend has the ring, and more than six hours ahead:
   * every client asks for keys at least once in that time.
   *
   * @throws {SealcastError} `invalid-options` for a ring that is not valid; `no-encryption-key` if the client was created
   * without a key.
   */
  replaceRing(encryption: EncryptionOptions): void {
    requireEncryption(this.state(), "replace the key ring").replaceRing(encryption);
  }

  /**
   * Uses other options of sealed channels from now on, without a restart: a ring with the next key, for example.
   *
   * @throws {SealcastError} `invalid-options`, or `no-encryption-key` if the client was created without `sealed`.
   */
  replaceSealed(sealed: SealedOptions): void {
    requireSealed(this.state()).replaceOptions(sealed);
  }

  /**
   * Returns the name under which the server sees a sealed channel whose name is secret. Publish and subscribe with it.
   *
   * @param channel the real name, such as `private-sealed-orders-42`.
   * @throws {SealcastError} `no-encryption-key` without the option `sealed.nameKey`; `invalid-argument` for another kind of
   * channel.
   */
  hiddenChannelName(channel: string): string {
    return requireSealed(this.state()).hiddenName(channel);
  }

  /** Returns when the next key rotation of an encrypted channel begins; undefined if the ring has no later key. */
  nextRotation(channel: string): Date | undefined {
    const at = requireEncryption(this.state(), "tell the next key rotation").nextRotation(channel);
    return at === undefined ? undefined : new Date(at);
  }

  /**
   * Publishes the cached events of encrypted cache channels again if they are encrypted with a replaced key, which later
   * subscribers do not get. Several backends may call it: only the first one publishes.
   *
   * @param when `now`, or `after-rotation` to wait for each channel's next key rotation first.
   * @returns what happened to each channel.
   * @example
   * ```ts
   * await sealcast.republish([{ channel: "private-encrypted-cache-price", event: "changed" }], "after-rotation");
   * ```
   */
  async republish(
    channels: readonly CachedChannel[],
    when: "now" | "after-rotation" = "now",
  ): Promise<ReadonlyMap<string, Republished>> {
    const { api, writer, platform } = this.state();
    const encryption = requireEncryption(this.state(), "republish");
    return republish(channels, when, api, encryption, writer, platform);
  }
}

/** The parts that the methods of {@link Sealcast} use. */
interface SealcastState {
  readonly address: Address;
  readonly api: Api;
  readonly writer: Writer;
  readonly platform: Platform;
}

function requireEncryption({ writer }: SealcastState, action: string): Encryption {
  if (writer.encryption !== undefined) return writer.encryption;
  throw new SealcastError("no-encryption-key", `Cannot ${action}: no encryption key is set`);
}

function requireSealed({ writer }: SealcastState): SealedChannels {
  if (writer.sealed !== undefined) return writer.sealed;
  throw new SealcastError("no-encryption-key", "Set the option sealed first");
}
