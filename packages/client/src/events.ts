import type { Emitter, EventMetadata, EventName, Listener } from "./emitter.ts";
import { listen, type UntilAborted } from "./listen.ts";
import { SealcastError } from "./sealcast-error.ts";

/** One event of an iterator. */
export interface StreamedEvent<Data> {
  readonly data: Data;
  readonly metadata: EventMetadata;
}

/** Most unread events that an iterator keeps. */
const unreadLimit = 1_000;

/**
 * Returns the events of one name as an async iterator. It listens from this call on, and ends when `signal` aborts, when
 * the channel is left, or with the loop that reads it. Up to 1,000 unread events wait.
 *
 * @throws {SealcastError} `slow-reader`, from the iterator, if more than 1,000 events wait: no event is lost silently.
 * @example
 * for await (const { data } of events(client.subscribe("orders"), "paid")) console.log(data);
 */
export function events<Events extends object, Name extends EventName<Events>>(
  emitter: Emitter<Events>,
  event: Name,
  { signal }: UntilAborted = {},
): AsyncIterableIterator<StreamedEvent<Events[Name]>, undefined> {
  type Result = IteratorResult<StreamedEvent<Events[Name]>, undefined>;
  const over: Result = { done: true, value: undefined };
  const unread: Result[] = [];
  const readers: ((result: Result) => void)[] = [];
  const signals = [signal, (emitter as { readonly left?: AbortSignal }).left].filter((one) => one !== undefined);
  let failure: SealcastError | undefined;
  let ended = false;

  const take = (data: Events[Name], metadata: EventMetadata = {}): void => {
    const result: Result = { done: false, value: { data, metadata } };
    const reader = readers.shift();
    if (reader) reader(result);
    else if (unread.length < unreadLimit) unread.push(result);
    else {
      failure = new SealcastError("slow-reader", `Cannot keep more than ${unreadLimit} unread events`);
      end();
    }
  };
  const stop = listen(emitter, event, take as Listener<Events, Name>);
  const end = (): void => {
    ended = true;
    stop();
    for (const one of signals) one.removeEventListener("abort", end);
    for (const reader of readers.splice(0)) reader(over);
  };
  for (const one of signals) {
    if (one.aborted) end();
    else one.addEventListener("abort", end);
  }

  return {
    next: async () => {
      const result = unread.shift();
      if (result) return result;
      const error = failure;
      failure = undefined;
      if (error) throw error;
      return ended ? over : new Promise((resolve) => readers.push(resolve));
    },
    return: async () => {
      unread.length = 0;
      end();
      return over;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
