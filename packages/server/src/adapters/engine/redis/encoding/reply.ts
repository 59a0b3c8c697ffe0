import type { ChannelName, Member } from "@sealcast/protocol";
import type { History, HistoryQuery, KeptEvent, Position } from "../../../../ports/broker.ts";
import type { OccupancyFact } from "../../../../core/channels/occupancy-fact.ts";
import { decodeUser } from "./user-text.ts";
import type { Reply } from "../connection/redis-connection.ts";

/** A reply as a list; other replies are empty lists. */
export function listOf(reply: Reply | undefined): readonly Reply[] {
  return Array.isArray(reply) ? (reply as readonly Reply[]) : [];
}

/** A reply as text; "" for anything else. */
export function textOf(reply: Reply | undefined): string {
  return typeof reply === "string" ? reply : typeof reply === "number" ? String(reply) : "";
}

/** A reply as a number; 0 for anything else. */
export function numberOf(reply: Reply | undefined): number {
  const number = Number(textOf(reply));
  return Number.isFinite(number) ? number : 0;
}

/**
 * What a change of a channel has caused, in the order in which it is reported.
 *
 * @param answered the last request whose answer has arrived before; its facts and earlier ones are known.
 */
export function readFacts(
  channel: ChannelName,
  connections: number,
  facts: readonly Reply[],
  answered: number,
): OccupancyFact[] {
  const changes: OccupancyFact[] = facts
    .map((fact) => /^(\d+) (\d+)(.*)$/s.exec(textOf(fact)))
    .filter((fact) => Number(fact?.[1]) > answered)
    .map((fact) => readFact(channel, Number(fact?.[2]), fact?.[3] ?? ""));
  const vacated = changes.at(-1)?.kind === "vacated" ? changes.splice(-1) : [];
  return [...changes, { kind: "subscription-count", channel, count: connections }, ...vacated];
}

function readFact(channel: ChannelName, order: number, fact: string): OccupancyFact {
  const userId = decodeUser(fact.slice(1));
  switch (fact[0]) {
    case "o":
      return { kind: "occupied", channel, order };
    case "a":
      return { kind: "member-added", channel, userId, order };
    case "r":
      return { kind: "member-removed", channel, userId, order };
    case undefined:
    default:
      return { kind: "vacated", channel, order };
  }
}

/** Members out of ids and `user_info`s in turn. */
export function readRoster(reply: Reply | undefined): Member[] {
  const flat = listOf(reply).map(textOf);
  const members: Member[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const userInfo = flat[at + 1] ?? "";
    members.push({ userId: decodeUser(flat[at] ?? ""), userInfo: userInfo === "" ? undefined : userInfo });
  }
  return members;
}

/**
 * The arguments of scripts that read kept events.
 *
 * @param newEpoch for a channel that needs another position.
 */
export function historyArguments(query: HistoryQuery | undefined, newEpoch: () => string): readonly string[] {
  const { after, limit = 0, begin } = query ?? {};
  return [after?.epoch ?? "", String(after?.offset ?? 0), String(limit), newEpoch(), begin === true ? "1" : "0"];
}

/** Kept events as the scripts answer them. */
export function readHistory(reply: Reply | undefined): History {
  const [epoch, offset, gap, events] = listOf(reply);
  return { events: readEvents(textOf(epoch), listOf(events)), last: positionOf(epoch, offset), gap: gap === 1 };
}

/** A position out of epoch and offset; undefined for an empty epoch. */
export function positionOf(epoch: Reply | undefined, offset: Reply | undefined): Position | undefined {
  const text = textOf(epoch);
  return text === "" ? undefined : { epoch: text, offset: numberOf(offset) };
}

function readEvents(epoch: string, flat: readonly Reply[]): KeptEvent[] {
  const events: KeptEvent[] = [];
  for (let at = 0; at + 3 < flat.length; at += 4) {
    events.push({
      position: { epoch, offset: numberOf(flat[at]) },
      message: textOf(flat[at + 1]),
      publishedMs: numberOf(flat[at + 2]),
      expiresInMs: numberOf(flat[at + 3]),
    });
  }
  return events;
}
