/** As `inside-server.ts`, loaded into a server on Bun: collects garbage on request. */
import type { InsideQuestion } from "./inside-server.ts";

process.on("message", (question: InsideQuestion) => {
  if (question !== "collect-garbage") throw new TypeError(`Cannot answer on Bun: ${question}`);
  globalThis.gc?.();
  process.send?.(null);
});
// Whether the server ends when it is done must not depend on being measured.
process.channel?.unref();
