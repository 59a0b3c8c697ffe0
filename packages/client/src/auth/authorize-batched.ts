import { fieldsOf, textOf } from "../untrusted.ts";
import { SealcastError } from "../sealcast-error.ts";
import { isTransient, type Form } from "./ask-endpoint.ts";
import { askForChannels, readGrant, type AuthorizeBy, type ChannelRequest } from "./channel-request.ts";
import type { ChannelGrant } from "./channel-grant.ts";

interface Queued extends ChannelRequest {
  readonly resolve: (grant: ChannelGrant) => void;
  readonly reject: (reason: unknown) => void;
}

/** Most channels in one request. */
const batchSize = 100;

/**
 * Sends one request for all channels that wait, if the endpoint supports that, and asks for all live keys of encrypted
 * channels.
 */
export const authorizeBatched: AuthorizeBy = (options) => {
  let queue: Queued[] = [];
  /** Whether the endpoint supports several channels in one request; undefined: not known yet. */
  let answersBatches: boolean | undefined;

  const post = (names: Form, requests: readonly Queued[], attempts: number): Promise<unknown> => {
    const keys: Form = requests.some(({ encrypted }) => encrypted) ? [["e2e", "1"]] : [];
    return askForChannels(options, { socketId: requests[0]?.socketId ?? "", attempts }, [...names, ...keys]);
  };

  const askForOne = (request: Queued): void => {
    const { channel, attempts, resolve, reject } = request;
    post([["channel_name", channel]], [request], attempts)
      .then((answer) => resolve(readGrant(request, answer)))
      .catch(reject);
  };

  const readOneOfMany = (request: Queued, answer: unknown): void => {
    const { status = 200, error } = fieldsOf(answer);
    // The endpoint could not decide about this channel: ask again, as after a request for this channel only.
    if (isTransient(Number(textOf(status)))) return askForOne(request);
    try {
      if (status === 200) return request.resolve(readGrant(request, answer));
      throw new SealcastError(
        "refused",
        `Not allowed to join ${request.channel}: ${textOf(error)}`,
        Number(textOf(status)),
      );
    } catch (reason) {
      request.reject(reason);
    }
  };

  const askForMany = async (requests: readonly Queued[]): Promise<void> => {
    try {
      const names = requests.map(({ channel }) => ["channel_name[]", channel] as const);
      // An endpoint that does not support batches may answer anything: do not repeat the request.
      const { channels } = fieldsOf(await post(names, requests, answersBatches ? 3 : 1));
      if (!channels) throw new SealcastError("refused", "", 200);
      answersBatches = true;
      for (const request of requests) readOneOfMany(request, fieldsOf(channels)[request.channel]);
    } catch (error) {
      if (answersBatches) return requests.forEach(({ reject }) => reject(error));
      // No answer, or a refusal of this user, does not show whether the endpoint supports batches.
      if (![0, 401, 403].includes((error as SealcastError).status ?? 0)) answersBatches = false;
      requests.forEach(askForOne);
    }
  };

  /** Sends the requests of this turn of the event loop. */
  const flush = (): void => {
    const requests = queue;
    queue = [];
    while (requests.length) {
      const some = requests.splice(0, batchSize);
      if (some.length > 1 && answersBatches !== false) void askForMany(some);
      else some.forEach(askForOne);
    }
  };

  return (request) =>
    new Promise((resolve, reject) => {
      if (queue.push({ ...request, resolve, reject }) === 1) queueMicrotask(flush);
    });
};
