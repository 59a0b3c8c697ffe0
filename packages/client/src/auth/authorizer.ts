import { fieldsOf } from "../fields-of.ts";
import { SealcastError } from "../sealcast-error.ts";
import { askEndpoint, type Form } from "./ask-endpoint.ts";
import type { AuthorizationOptions, ChannelHandler } from "./auth-options.ts";
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

/** Asks for one channel. Rejects with a {@link SealcastError} `refused`; status 401 or 403 is a no for good. */
export type Authorize = (request: JoinRequest) => Promise<ChannelGrant>;

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

/**
 * Makes what obtains permissions for channels: it joins requests for the same channel and requests at the same time, and
 * keeps what may be kept.
 *
 * @param extended whether to ask for several channels at once, and for all keys of an encrypted channel.
 */
export function createAuthorizer(options: AuthorizationOptions<ChannelHandler>, extended: boolean): Authorize {
  const { customHandler, timeoutMs, endpoint = "/pusher/auth" } = options;
  /** By channel; for one connection alone, as permissions are. */
  const known = new Map<string, Granted>();
  let knownSocketId: string | undefined;
  let queue: Queued[] = [];
  /** Whether the endpoint answers for several channels; undefined: not known yet. */
  let answersBatches = extended ? undefined : false;

  const post = (names: Form, requests: readonly JoinRequest[], attempts: number): Promise<unknown> => {
    const form: (readonly [string, string])[] = [["socket_id", requests[0]?.socketId ?? ""], ...names];
    if (extended && requests.some(({ encrypted }) => encrypted)) form.push(["e2e", "1"]);
    return askEndpoint("channel-authorization", endpoint, options, form, attempts);
  };

  const askForOne = (request: Queued): void => {
    const { channel, attempts, resolve, reject } = request;
    post([["channel_name", channel]], [request], attempts)
      .then((answer) => resolve(read(request, answer)))
      .catch(reject);
  };

  const askForMany = async (requests: readonly Queued[]): Promise<void> => {
    try {
      const names = requests.map(({ channel }) => ["channel_name[]", channel] as const);
      // An endpoint that does not know batches may answer anything: no reason to insist.
      const { channels } = fieldsOf(await post(names, requests, answersBatches ? 3 : 1));
      if (!channels) throw new SealcastError("refused", "", 200);
      answersBatches = true;
      for (const request of requests) readOneOfMany(request, fieldsOf(channels)[request.channel]);
    } catch (error) {
      if (answersBatches) return requests.forEach(({ reject }) => reject(error));
      // No answer says nothing about the endpoint, and neither does a no to this user.
      if (![0, 401, 403].includes((error as SealcastError).status ?? 0)) answersBatches = false;
      requests.forEach(askForOne);
    }
  };

  /** Sends what was asked for in this turn of the event loop. */
  const flush = (): void => {
    const requests = queue;
    queue = [];
    while (requests.length) {
      const some = requests.splice(0, batchSize);
      if (some.length > 1 && answersBatches !== false) void askForMany(some);
      else some.forEach(askForOne);
    }
  };

  const ask = async (request: JoinRequest): Promise<ChannelGrant> => {
    const { socketId, channel: channelName } = request;
    if (customHandler) {
      const run = (callback: Parameters<ChannelHandler>[1]): unknown =>
        customHandler({ socketId, channelName }, callback);
      return read(request, await runHandler(run, timeoutMs));
    }
    return new Promise((resolve, reject) => {
      if (queue.push({ ...request, resolve, reject }) === 1) queueMicrotask(flush);
    });
  };

  return (request) => {
    const { channel, socketId, encrypted } = request;
    if (knownSocketId !== socketId) known.clear();
    knownSocketId = socketId;
    const earlier = known.get(channel);
    if (earlier && Date.now() < earlier.until) return earlier.grant;

    const granted: Granted = { grant: ask(request), until: Infinity };
    known.set(channel, granted);
    const keepFor = (ms = 0): void => {
      granted.until = Date.now() + ms;
      if (!ms && known.get(channel) === granted) known.delete(channel);
    };
    granted.grant.then(
      // Keys are kept by their channel alone, which knows when to forget them.
      ({ ttlMs }) => keepFor(encrypted ? 0 : ttlMs),
      () => keepFor(),
    );
    return granted.grant;
  };
}

function readOneOfMany(request: Queued, answer: unknown): void {
  const { status, error } = fieldsOf(answer);
  try {
    if (status === 200) return request.resolve(read(request, answer));
    throw new SealcastError("refused", `Not allowed to join ${request.channel}: ${String(error)}`, Number(status));
  } catch (reason) {
    request.reject(reason);
  }
}

function read({ channel, encrypted }: JoinRequest, answer: unknown): ChannelGrant {
  const grant = parseChannelGrant(answer);
  if (!grant) throw new SealcastError("refused", `Invalid auth response for channel '${channel}'`);
  if (encrypted && !grant.secrets.length) {
    throw new SealcastError("refused", `No shared_secret key in auth payload for encrypted channel: ${channel}`);
  }
  return grant;
}
