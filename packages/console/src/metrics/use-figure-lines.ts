import type { FigureHistory, NodeFigures } from "@sealcast/server/console";
import { useMemo } from "preact/hooks";
import { useFetched } from "../api/use-fetched.ts";
import { figures } from "../log/live-log.ts";
import { figureLines, type FigureLines } from "./figure-lines.ts";
import type { FiguresByNode } from "./recent-figures.ts";

/** The figures of the last minutes for charts: what the server kept, then what came since this page was opened. */
export function useFigureLines(minutes: number): FigureLines {
  const [answer] = useFetched<FigureHistory>(`/history?minutes=${minutes}`, 60_000);
  const history = answer?.ok === true ? answer.value : noHistory;
  return useMemo(
    () => figureLines(withHistory(history, figures.value, Date.now() - minutes * 60_000)),
    [history, figures.value, minutes],
  );
}

const noHistory: FigureHistory = [];

/** The figures of each node since a time: what the server kept, then what came since this page was opened. */
function withHistory(history: FigureHistory, live: FiguresByNode, sinceMs: number): FiguresByNode {
  const byNode = new Map<string, NodeFigures[]>();
  for (const kept of history) {
    const first = live.get(kept.node)?.[0];
    if (kept.timeMs < sinceMs || (first !== undefined && kept.timeMs >= first.timeMs)) continue;
    const list = byNode.get(kept.node);
    if (list === undefined) byNode.set(kept.node, [kept]);
    else list.push(kept);
  }
  for (const [node, list] of live) {
    byNode.set(node, [...(byNode.get(node) ?? []), ...list.filter(({ timeMs }) => timeMs >= sinceMs)]);
  }
  return byNode;
}
