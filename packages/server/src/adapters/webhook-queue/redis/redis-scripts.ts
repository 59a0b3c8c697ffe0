/** A Lua script that runs inside Redis. All its keys are in one hash slot. */
export interface QueueScript {
  /** For error messages. */
  readonly name: string;
  readonly lua: string;
}

/** What Redis answers to a script: texts, numbers, nothing, and lists of these. */
export type QueueReply = string | number | null | readonly QueueReply[];

/** All that the queue needs of Redis. */
export interface RedisScripts {
  run(script: QueueScript, keys: readonly string[], args: readonly string[]): Promise<QueueReply>;
  close(): Promise<void>;
}

/** A reply as a list; other replies are empty lists. */
export function listOf(reply: QueueReply | undefined): readonly QueueReply[] {
  return Array.isArray(reply) ? (reply as readonly QueueReply[]) : [];
}

/** A reply as text; "" for anything else. */
export function textOf(reply: QueueReply | undefined): string {
  return typeof reply === "string" || typeof reply === "number" ? String(reply) : "";
}

/** A reply as a list of texts. */
export function textsOf(reply: QueueReply | undefined): readonly string[] {
  return listOf(reply).map((item) => textOf(item));
}
