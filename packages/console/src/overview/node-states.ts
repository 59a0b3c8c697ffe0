import type { NodeFigures } from "@sealcast/server/console";
import type { FiguresByNode } from "../metrics/recent-figures.ts";

/** What is known of a node. */
export interface NodeState {
  readonly newest: NodeFigures;
  /** The figures before the newest ones. */
  readonly before: NodeFigures | undefined;
  /** Whether the node still reports; one that has left the cluster does not. */
  readonly isReporting: boolean;
}

/** A node reports every second; after this time without a report, it is considered gone. */
const goneAfterMs = 10_000;

/** The state of each node. Times are compared with those of the other nodes, because the browser's clock may be wrong. */
export function nodeStates(byNode: FiguresByNode): NodeState[] {
  const states = [...byNode.values()].flatMap((list) => {
    const newest = list.at(-1);
    return newest === undefined ? [] : [{ newest, before: list.at(-2) }];
  });
  const nowMs = Math.max(...states.map(({ newest }) => newest.timeMs));
  return states.map((state) => ({ ...state, isReporting: nowMs - state.newest.timeMs < goneAfterMs }));
}
