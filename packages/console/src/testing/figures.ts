import type { NodeFigures } from "@sealcast/server/console";

/** What a node of a cluster reports: zeros, except where a test states another value. */
export function figures(node: string, timeMs: number, stated: Partial<NodeFigures> = {}): NodeFigures {
  return {
    node,
    timeMs,
    counting: true,
    connections: 0,
    published: 0,
    delivered: 0,
    requests: 0,
    requestSeconds: 0,
    bufferedBytes: 0,
    memoryBytes: 0,
    loopDelayMs: 0,
    ...stated,
  };
}
