/** Where the queue of the webhooks is kept, as an operator sets it. */
export interface QueuePlace {
  /** Name of the setting. */
  readonly setting: string;
  readonly expected: string;
  /** What to do if the queue cannot be used. */
  readonly fix: string;
}

/** The queue of a single process. */
export const fileQueue: QueuePlace = {
  setting: "dataDirectory",
  expected: "a folder for the queue of the webhooks",
  fix: "Choose another folder with --data-directory, or remove the webhooks of all apps.",
};

/** The queue that the processes of a cluster share. */
export const redisQueue: QueuePlace = {
  setting: "engine",
  expected: "a Redis that can keep the queue of the webhooks",
  fix: "Check that the Redis of the engine runs, and that its user may run scripts on every key of the prefix.",
};

/** The webhooks of a server cannot be started. The parts are shown to the operator. */
export class WebhooksUnavailable extends Error {
  override readonly name = "WebhooksUnavailable";
  readonly place: QueuePlace;
  /** What was found instead. */
  readonly got: string;

  constructor(place: QueuePlace, cause: unknown) {
    const got = cause instanceof Error ? cause.message : String(cause);
    super(`Expected ${place.expected}, got ${got}. ${place.fix}`, { cause });
    this.place = place;
    this.got = got;
  }
}
