import type { Problem } from "@sealcast/protocol";

/** The refusal of whatever needs an engine that is unavailable. */
export const engineUnavailable: Problem = {
  id: "engineUnavailable",
  message: "The server cannot reach the other servers of its cluster; try again",
};
