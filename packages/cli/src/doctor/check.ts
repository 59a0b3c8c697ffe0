import type { ServerConfig } from "@sealcast/server/config";
import type { Target } from "../target/app-url.ts";
import type { Finding } from "./finding.ts";

/** What a check works with. */
export interface CheckContext {
  readonly target: Target;
  /** Configuration of the server; undefined without `--config`. */
  readonly config: ServerConfig | undefined;
  /** How long the proxy must keep a silent connection, in seconds; 0: not checked. */
  readonly idleSeconds: number;
}

/** One thing that `doctor` looks at. */
export interface Check {
  readonly id: string;
  /** What is checked, for the report. */
  readonly title: string;
  /** Checks without which this one cannot say anything. It is skipped if one of them found a problem. */
  readonly needs: readonly string[];
  run(context: CheckContext): Promise<Finding>;
}
