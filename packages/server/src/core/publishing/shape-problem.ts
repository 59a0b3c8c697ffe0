import { payloadProblem, type Encryption, type Problem } from "@sealcast/protocol";
import type { App } from "../apps/app.ts";

/**
 * Returns why the app refuses an event on channels with this encryption: its data has not the shape of an encrypted
 * payload. Sealed channels are checked only if the app has `requireSealed` on, because an app without sealed channels can
 * have channels with such names.
 */
export function shapeProblem(
  app: Pick<App, "requireSealed">,
  encryption: Encryption,
  event: string,
  data: string,
): Problem | undefined {
  if (encryption === "sealed" && !app.requireSealed) return undefined;
  return payloadProblem({ encryption }, event, data);
}
