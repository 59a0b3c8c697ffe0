import { fieldsOf, textOf } from "../fields-of.ts";
import { SealcastError } from "../sealcast-error.ts";
import { mayPass, type Form } from "./ask-endpoint.ts";
import { askForChannels, readGrant, type AskBy, type JoinRequest } from "./ask-for-channel.ts";
import type { ChannelGrant } from "./channel-grant.ts";

interface Queued extends JoinRequest {
  readonly resolve: (grant: ChannelGrant) => void;
  readonly reject: (reason: unknown) => void;
}

/** Most channels in one request. */
const batchSize = 100;

/**
 * Asks for all channels that wait in one request, where the endpoint answers such, and for all keys of encrypted
 * channels.
 */
export const askTogether: AskBy = (options) => {
  let queue: Queued[] = [];
  /** Whether the endpoint answers for several channels; undefined: not known yet. */
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
    // The endpoint could not decide about this one: it is asked again, as it would be had it been asked for it alone.
    if (mayPass(Number(textOf(status)))) return askForOne(request);
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

  return (request) =>
    new Promise((resolve, reject) => {
      if (queue.push({ ...request, resolve, reject }) === 1) queueMicrotask(flush);
    });
};
