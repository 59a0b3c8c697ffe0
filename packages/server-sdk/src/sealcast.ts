import { defaultTransport } from "#transport";
import { limits, traitsOf } from "@sealcast/protocol";
import { parseAddress, type Address } from "./address.ts";
import { Api } from "./api.ts";
import { authenticateUser, authorizeChannel, type ChannelAuthorization, type UserAuthentication } from "./authorize.ts";
import {
  countsOf,
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
import { checkChannelName, checkEventName, checkSocketId, checkUserId } from "./names.ts";
import { openWebhook, type OpenedWebhook, type WebhookRequest, type WebhookTrust } from "./open-webhook.ts";
import { webPlatform, type Platform } from "./platform.ts";
import { publishBatch, publishToChannels } from "./publish.ts";
import type { BatchEvent, Writer } from "./publish-request.ts";
import { republish, type CachedChannel, type Republished } from "./republish.ts";
import { SealcastError } from "./sealcast-error.ts";
import { addressOf, encryptionOf, type SealcastOptions } from "./sealcast-options.ts";
import { signedQuery, type SignableRequest } from "./signed-query.ts";

/** Who must not get an event, and what to tell about its channels. */
export interface TriggerOptions {
  /** The connection that caused the event and needs no echo. */
  readonly socketId?: string;
  readonly info?: readonly CountName[];
}

/** One event of a batch. */
export interface TriggerEvent extends TriggerOptions {
  readonly channel: string;
  readonly name: string;
  readonly data: unknown;
}

/** Who subscribes to a presence channel. */
export interface PresenceData {
  readonly user_id: string;
  readonly user_info?: unknown;
}

/** Who signs in. */
export interface SignInData {
  readonly id: string;
  readonly user_info?: unknown;
  readonly watchlist?: readonly string[];
}

/**
 * The backend's side of a realtime app: publishes, authorises, asks, and reads webhooks. Every method that talks to the
 * server rejects with {@link SealcastError}; those that only sign throw it.
 */
export class Sealcast {
  readonly #address: Address;
  readonly #api: Api;
  readonly #encryption: Encryption | undefined;
  readonly #writer: Writer;
  readonly #platform: Platform;

  constructor(options: SealcastOptions) {
    this.#platform = { ...webPlatform, ...options.platform };
    this.#address = addressOf(options);
    const { timeoutMs = 10_000, retries = 2, maxDataBytes = limits.eventDataBytes } = options;
    const transport = options.fetch === undefined ? defaultTransport : transportOver(options.fetch);
    this.#api = new Api(this.#address, { timeoutMs: timeoutMs || undefined, retries }, transport, this.#platform);
    const encryption = encryptionOf(options);
    this.#encryption = encryption === undefined ? undefined : new Encryption(encryption, this.#platform);
    this.#writer = { encryption: this.#encryption, maxDataBytes };
  }

  /** Reads address and credentials from `SCHEME://KEY:SECRET@HOST:PORT/apps/APP_ID`; they win over `options`. */
  static forURL(url: string, options: Partial<SealcastOptions> = {}): Sealcast {
    const { scheme, host, port, pathPrefix, appId, token } = parseAddress(url);
    const { port: _, ...others } = options;
    return new Sealcast({
      ...others,
      ...token,
      appId,
      host,
      pathPrefix,
      useTLS: scheme === "https",
      ...(port === undefined ? {} : { port }),
    });
  }

  /** Publishes through a cluster of the hosted service. */
  static forCluster(cluster: string, options: SealcastOptions): Sealcast {
    const { host: _, ...others } = options;
    return new Sealcast({ ...others, cluster });
  }

  /**
   * Publishes an event to one or more channels, plain and encrypted ones mixed, in as many requests as it takes. Gives the
   * counts that `info` asked for, by channel.
   */
  async trigger(
    channels: string | readonly string[],
    event: string,
    data: unknown,
    options: TriggerOptions = {},
  ): Promise<ReadonlyMap<string, ChannelCounts>> {
    const names = typeof channels === "string" ? [channels] : channels;
    for (const channel of names) checkChannelName(channel);
    checkEventName(event);
    const counts = await publishToChannels(this.#api, this.#writer, names, { name: event, data, ...paramsOf(options) });
    return new Map([...counts].map(([channel, fields]) => [channel, countsOf(fields)]));
  }

  /** Publishes several events, in order on each channel. Gives the counts that each event's `info` asked for. */
  async triggerBatch(events: readonly TriggerEvent[]): Promise<readonly ChannelCounts[]> {
    const wireEvents = events.map(({ channel, name, data, socketId, info }): BatchEvent => {
      checkChannelName(channel);
      checkEventName(name);
      return { channel, name, data, ...paramsOf({ ...(socketId && { socketId }), ...(info && { info }) }) };
    });
    const counts = await publishBatch(this.#api, this.#writer, wireEvents);
    return wireEvents.map((event) => countsOf(counts.get(event) ?? new Map<string, unknown>()));
  }

  /** Publishes an event to every connection on which a user is signed in. */
  async sendToUser(userId: string, event: string, data: unknown): Promise<void> {
    checkUserId(userId);
    checkEventName(event);
    await publishToChannels(this.#api, this.#writer, [`#server-to-user-${userId}`], { name: event, data });
  }

  /** Closes every connection on which a user is signed in. */
  async terminateUserConnections(userId: string): Promise<void> {
    checkUserId(userId);
    const resource = `/users/${userId}/terminate_connections`;
    await this.#api.sendForJson({ method: "POST", resource, body: () => "{}", idempotent: true });
  }

  /** Occupied channels by name; `user_count` needs a prefix that begins with `presence-`. */
  channels(
    query: { readonly prefix?: string; readonly info?: readonly CountName[] } = {},
  ): Promise<ReadonlyMap<string, ChannelCounts>> {
    return queryChannels(this.#api, query);
  }

  /** State of one channel, occupied or not. The cached event of an encrypted channel comes opened. */
  channel(name: string, info: readonly ChannelInfo[] = []): Promise<ChannelState> {
    return queryChannel(this.#api, this.#encryption, name, info);
  }

  /** Ids of the users on a presence channel. */
  users(presenceChannel: string): Promise<readonly string[]> {
    return queryUsers(this.#api, presenceChannel);
  }

  /** Signs and sends any GET of the app's HTTP API, `path` below `/apps/{id}`. */
  get(request: { readonly path: string; readonly params?: Readonly<Record<string, unknown>> }): Promise<Response> {
    const { path, params } = request;
    return this.#api.sendForResponse({ method: "GET", resource: path, params, idempotent: true });
  }

  /** Signs and sends any POST of the app's HTTP API, its body as JSON. */
  post(request: {
    readonly path: string;
    readonly params?: Readonly<Record<string, unknown>>;
    readonly body?: unknown;
  }): Promise<Response> {
    const { path, params, body = {} } = request;
    const write = (): string => JSON.stringify(body);
    return this.#api.sendForResponse({ method: "POST", resource: path, params, body: write, idempotent: false });
  }

  /**
   * Signs a subscription of a private or presence channel, encrypted or not. Call it only after deciding that this user may
   * read this channel.
   *
   * @param presence required on presence channels, where everybody there gets to see it.
   * @param options `endToEnd`: whether the client sent `e2e=1` and so keeps several secrets.
   */
  authorizeChannel(
    socketId: string,
    channel: string,
    presence?: PresenceData,
    options: { readonly endToEnd?: boolean } = {},
  ): ChannelAuthorization {
    checkChannelName(channel);
    const { auth, members } = traitsOf(channel);
    if (auth !== "signature") throw invalid(`Channel '${channel}' needs no authorization: anybody may subscribe`);
    if (members && (typeof presence?.user_id !== "string" || presence.user_id === "")) {
      throw invalid(`Channel '${channel}' needs presence data with a user_id`);
    }
    return authorizeChannel(this.#address.token, this.#encryption, socketId, channel, presence, options.endToEnd);
  }

  /** Signs a sign-in. Call it only after finding out who the user is. */
  authenticateUser(socketId: string, user: SignInData): UserAuthentication {
    return authenticateUser(this.#address.token, socketId, user);
  }

  /** Checks a webhook's signature and age, and reads it; client events of encrypted channels come opened. */
  webhook(request: WebhookRequest, trust: WebhookTrust = {}): OpenedWebhook {
    return openWebhook(request, this.#address.token, this.#encryption, this.#platform.now(), trust);
  }

  /** The query with which a request of your own is signed. */
  createSignedQueryString(request: SignableRequest): string {
    return signedQuery(this.#address.token, request, this.#platform.now());
  }

  /** The secret that clients of an encrypted channel are given now, 32 bytes. */
  channelSharedSecret(channel: string): Uint8Array {
    return this.#requireEncryption("give the secret of a channel").sharedSecret(channel);
  }

  /**
   * Takes other master keys from now on, without a restart. To lose nothing, give every backend a ring with the next key
   * and one instant in the future, later than the last backend has it and later than any client's next key request.
   */
  replaceRing(encryption: EncryptionOptions): void {
    this.#requireEncryption("replace the key ring").replaceRing(encryption);
  }

  /** When an encrypted channel next changes its key; undefined where no later key is known. */
  nextRotation(channel: string): Date | undefined {
    const at = this.#requireEncryption("tell the next key rotation").nextRotation(channel);
    return at === undefined ? undefined : new Date(at);
  }

  /**
   * Publishes what encrypted cache channels keep once more, where it is sealed under a replaced key that later subscribers
   * are not given. Any number of backends may do it: the first one does the work.
   *
   * @param when `now`, or `after-rotation`: waits for each channel's next key rotation first.
   */
  async republish(
    channels: readonly CachedChannel[],
    when: "now" | "after-rotation" = "now",
  ): Promise<ReadonlyMap<string, Republished>> {
    const encryption = this.#requireEncryption("republish");
    return republish(channels, when, this.#api, encryption, this.#writer, this.#platform);
  }

  #requireEncryption(action: string): Encryption {
    if (this.#encryption !== undefined) return this.#encryption;
    throw new SealcastError("no-encryption-key", `Cannot ${action}: no encryption key is set`);
  }
}

function paramsOf({ socketId, info }: TriggerOptions): Record<string, string> {
  if (socketId !== undefined) checkSocketId(socketId);
  return {
    ...(socketId === undefined ? {} : { socket_id: socketId }),
    ...(info === undefined || info.length === 0 ? {} : { info: info.join(",") }),
  };
}

function invalid(message: string): SealcastError {
  return new SealcastError("invalid-argument", message);
}
