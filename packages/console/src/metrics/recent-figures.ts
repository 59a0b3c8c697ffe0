import type { NodeFigures } from "@sealcast/server/console";

/** The figures of each node, oldest first. */
export type FiguresByNode = ReadonlyMap<string, readonly NodeFigures[]>;

/** How long figures are kept, in milliseconds. */
const keptMs = 900_000;

/** Adds figures, and leaves out what is older than 15 minutes: also nodes that have not reported since. */
export function withFigures(byNode: FiguresByNode, added: NodeFigures): FiguresByNode {
  const isRecent = ({ timeMs }: NodeFigures): boolean => timeMs > added.timeMs - keptMs;
  const recent = [...byNode].map(([node, list]) => [node, list.filter(isRecent)] as const);
  const kept = new Map(recent.filter(([, list]) => list.length > 0));
  return kept.set(added.node, [...(kept.get(added.node) ?? []), added]);
}
