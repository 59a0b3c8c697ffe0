import { serverToUserChannel, traitsOf } from "@sealcast/protocol";
import { isLoopback, parseAddress } from "./address.ts";
import { checkJsonValue, checkObject, checkPath, encodeJson, invalid, wrongType } from "./arguments.ts";
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
import type { EncryptionOptions } from "./encryption-options.ts";
import { checkChannelName, checkEventName, checkUserData, checkUserId } from "./names.ts";
import { queryHistory, type ChannelHistory, type HistoryQuery } from "./history.ts";
import { hideState } from "./hidden-state.ts";
import { openWebhook, type OpenedWebhook, type WebhookRequest, type WebhookTrust } from "./open-webhook.ts";
import { checkOptionNames } from "./option-names.ts";
import { publishToChannels } from "./publish.ts";
import { republish, type CachedChannel, type Republished } from "./republish.ts";
import type { SealcastOptions } from "./sealcast-options.ts";
import { appKeys, createState, requireEncryption, requireSealed, type SealcastState } from "./sealcast-state.ts";
import type { SealedOptions } from "./sealed/sealed-options.ts";
import { signedQuery, type SignableRequest } from "./signed-query.ts";
import { trigger, triggerBatch } from "./trigger.ts";
import type { PublishedInfo, TriggerEvent, TriggerOptions } from "./trigger-options.ts";

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
    hideState(this, createState(options));
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
    checkObject("options", "an object", options);
    const { cluster: _, port: _port, ...others } = options;
    const useTLS = scheme === "https";
    // A URL without a port means the port of its scheme, also on this machine.
    const urlPort = port ?? (isLoopback(host) ? (useTLS ? 443 : 80) : undefined);
    const where = { host, pathPrefix, useTLS, ...(urlPort !== undefined && { port: urlPort }) };
    return new Sealcast({ ...others, ...token, appId, ...where });
  }

  /** Creates a client of a cluster of the hosted Pusher service, such as `eu`. */
  static forCluster(cluster: string, options: SealcastOptions): Sealcast {
    if (typeof cluster !== "string") throw wrongType("cluster", 'a name such as "eu"', cluster);
    checkObject("options", "an object", options);
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
    return trigger(this.state(), channels, event, data, options);
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
    return triggerBatch(this.state(), events);
  }

  /**
   * Publishes an event to every connection on which a user is signed in. It is encrypted end to end only with the option
   * `sealed.userEvents`.
   */
  async sendToUser(userId: string, event: string, data: unknown): Promise<void> {
    checkUserId(userId);
    checkEventName(event);
    checkJsonValue("data", data);
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
    checkOptionNames("get", request, ["path", "params"]);
    const { path, params } = request;
    checkPath(path);
    return this.state().api.sendForResponse({ method: "GET", resource: path, params, idempotent: true });
  }

  /** Signs and sends any POST of the app's HTTP API. `body` is sent as JSON. */
  post(request: {
    readonly path: string;
    readonly params?: Readonly<Record<string, unknown>>;
    readonly body?: unknown;
  }): Promise<Response> {
    checkOptionNames("post", request, ["path", "params", "body"]);
    const { path, params, body = {} } = request;
    checkPath(path);
    checkJsonValue("body", body);
    const text = encodeJson("body", body) ?? "";
    return this.state().api.sendForResponse({
      method: "POST",
      resource: path,
      params,
      body: () => text,
      idempotent: false,
    });
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
    checkOptionNames("authorizeChannel", options, ["endToEnd"], { e2e: "endToEnd" });
    const { auth, members } = traitsOf(channel);
    if (auth !== "signature") throw invalid(`Channel '${channel}' needs no authorization: anyone may subscribe`);
    if (members && (typeof presence?.user_id !== "string" || presence.user_id === "")) {
      throw invalid(`Channel '${channel}' needs presence data with a user_id`);
    }
    return authorizeChannel(
      appKeys(this.state()),
      socketId,
      channel,
      presence,
      options.endToEnd === true ? "all" : "current",
    );
  }

  /**
   * Signs a sign-in. Call it only after authenticating the user; {@link createAuthHandler} does both.
   *
   * @throws {SealcastError} `invalid-argument` for a malformed socket id or a user without a valid `id`.
   */
  authenticateUser(socketId: string, user: SignInData): UserAuthentication {
    checkUserData(user);
    checkUserId(user.id);
    return authenticateUser(appKeys(this.state()), socketId, user);
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
    return openWebhook(request, appKeys(this.state()), this.state().platform.now(), trust);
  }

  /**
   * Returns the id under which the server knows a user on a sealed presence channel, if the option `sealed.blindUserIds` hides
   * ids: `users()` and webhooks name this one.
   *
   * @throws {SealcastError} `no-encryption-key` without `sealed.nameKey`.
   */
  hiddenUserId(channel: string, userId: string): string {
    checkChannelName(channel);
    if (typeof userId !== "string" || userId === "")
      throw wrongType("user id", "text of at least one character", userId);
    return requireSealed(this.state()).hiddenUserId(channel, userId);
  }

  /** Returns the signed query string of a request that you send yourself. */
  createSignedQueryString(request: SignableRequest): string {
    checkOptionNames("createSignedQueryString", request, ["method", "path", "params", "body"]);
    if (typeof request.method !== "string") throw wrongType("method", "a text such as GET", request.method);
    checkPath(request.path);
    return signedQuery(this.state().address.token, request, this.state().platform.now());
  }

  /**
   * Returns the secret that clients of an encrypted channel get at this moment, 32 bytes.
   *
   * @throws {SealcastError} `no-encryption-key` if no master key is set.
   */
  channelSharedSecret(channel: string): Uint8Array {
    checkChannelName(channel);
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
    checkChannelName(channel);
    return requireSealed(this.state()).hiddenName(channel);
  }

  /** Returns when the next key rotation of an encrypted channel begins; undefined if the ring has no later key. */
  nextRotation(channel: string): Date | undefined {
    checkChannelName(channel);
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
