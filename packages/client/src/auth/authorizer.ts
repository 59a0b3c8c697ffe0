import { ownProperties } from "@sealcast/protocol";
import { SealcastError } from "../sealcast-error.ts";
import { askEndpoint, type Form } from "./ask-endpoint.ts";
import type { AuthorizationOptions, ChannelAuthorizationData, ChannelHandler } from "./auth-options.ts";
import { parseChannelGrant, type ChannelGrant } from "./channel-grant.ts";
import { runHandler } from "./run-handler.ts";

/** A channel that wants to be joined on a connection. */
export interface JoinRequest {
  readonly channel: string;
  readonly socketId: string;
  /** Whether the channel needs keys. */
  readonly encrypted: boolean;
  /** How often to ask at most, while the reason for failing may pass. */
  readonly attempts: number;
}

interface Queued extends JoinRequest {
  readonly resolve: (grant: ChannelGrant) => void;
  readonly reject: (reason: unknown) => void;
}

interface Granted {
  readonly grant: Promise<ChannelGrant>;
  /** On the clock of `Date.now()`; infinity while the answer is under way. */
  until: number;
}

/** Most channels in one request. */
const batchSize = 100;

/** Obtains permissions for channels: joins requests for the same or at the same time, and keeps what may be kept. */
export class Authorizer {
  readonly #options: AuthorizationOptions<ChannelHandler>;
  readonly #extended: boolean;
  /** By channel; for one connection alone, as permissions are. */
  readonly #granted = new Map<string, Granted>();
  #socketId: string | undefined;
  #queue: Queued[] = [];
  /** Whether the endpoint answers for several channels; undefined: not known yet. */
  #batches: boolean | undefined;

  /** @param extended whether to ask for several channels at once, and for all keys of an encrypted channel. */
  constructor(options: AuthorizationOptions<ChannelHandler>, extended: boolean) {
    this.#options = options;
    this.#extended = extended;
    if (!extended) this.#batches = false;
  }

  /** Asks for one channel. Rejects with a {@link SealcastError} `refused`; status 401 or 403 is a no for good. */
  authorize(request: JoinRequest): Promise<ChannelGrant> {
    const { channel, socketId, encrypted } = request;
    if (this.#socketId !== socketId) this.#granted.clear();
    this.#socketId = socketId;
    const known = this.#granted.get(channel);
    if (known && Date.now() < known.until) return known.grant;

    const granted: Granted = { grant: this.#ask(request), until: Infinity };
    this.#granted.set(channel, granted);
    const keepFor = (ms = 0): void => {
      granted.until = Date.now() + ms;
      if (!ms && this.#granted.get(channel) === granted) this.#granted.delete(channel);
    };
    granted.grant.then(
      // Keys are kept by their channel alone, which knows when to forget them.
      ({ ttlMs }) => keepFor(encrypted ? 0 : ttlMs),
      () => keepFor(),
    );
    return granted.grant;
  }

  async #ask(request: JoinRequest): Promise<ChannelGrant> {
    const { customHandler, timeoutMs } = this.#options;
    if (!customHandler) {
      return new Promise((resolve, reject) => {
        this.#queue.push({ ...request, resolve, reject });
        if (this.#queue.length === 1) queueMicrotask(() => this.#flush());
      });
    }
    const { socketId, channel: channelName } = request;
    const run = (callback: Parameters<ChannelHandler>[1]): unknown => customHandler({ socketId, channelName }, callback);
    return this.#read(request, await runHandler<ChannelAuthorizationData>(run, timeoutMs));
  }

  /** Sends what was asked for in this turn of the event loop. */
  #flush(): void {
    const queue = this.#queue;
    this.#queue = [];
    while (queue.length) {
      const some = queue.splice(0, batchSize);
      if (some.length > 1 && this.#batches !== false) void this.#askForMany(some);
      else for (const one of some) this.#askForOne(one);
    }
  }

  #askForOne(request: Queued): void {
    const answer = this.#post([["channel_name", request.channel]], [request], request.attempts);
    answer.then((found) => this.#read(request, found)).then(request.resolve, request.reject);
  }

  async #askForMany(requests: readonly Queued[]): Promise<void> {
    try {
      // An endpoint that does not know batches may answer anything: no reason to insist.
      const names = requests.map(({ channel }) => ["channel_name[]", channel] as const);
      const answer = await this.#post(names, requests, this.#batches ? 3 : 1);
      const channels = ownProperties(ownProperties(answer)?.get("channels"));
      if (!channels) throw new SealcastError("refused", "The endpoint does not answer for several channels", 200);
      this.#batches = true;
      for (const request of requests) this.#settle(request, channels.get(request.channel));
    } catch (error) {
      if (this.#batches) return requests.forEach(({ reject }) => reject(error));
      // No answer says nothing about the endpoint, and neither does a no to this user.
      if (![0, 401, 403].includes((error as SealcastError).status ?? 0)) this.#batches = false;
      for (const request of requests) this.#askForOne(request);
    }
  }

  #settle(request: Queued, answer: unknown): void {
    try {
      const { status, error } = (answer ?? {}) as { readonly status?: number; readonly error?: unknown };
      if (status !== 200) throw new SealcastError("refused", `Not allowed to join ${request.channel}: ${error}`, status);
      request.resolve(this.#read(request, answer));
    } catch (error) {
      request.reject(error);
    }
  }

  #post(names: Form, requests: readonly JoinRequest[], attempts: number): Promise<unknown> {
    const { endpoint = "/pusher/auth" } = this.#options;
    const form: (readonly [string, string])[] = [["socket_id", requests[0]?.socketId ?? ""], ...names];
    if (this.#extended && requests.some(({ encrypted }) => encrypted)) form.push(["e2e", "1"]);
    return askEndpoint("channel-authorization", endpoint, this.#options, form, attempts);
  }

  #read({ channel, encrypted }: JoinRequest, answer: unknown): ChannelGrant {
    const grant = parseChannelGrant(answer);
    if (!grant) throw new SealcastError("refused", `Invalid auth response for channel '${channel}'`);
    if (encrypted && !grant.secrets.length) {
      throw new SealcastError("refused", `No shared_secret key in auth payload for encrypted channel: ${channel}`);
    }
    return grant;
  }
}
