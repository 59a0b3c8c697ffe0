import { CommandFailure } from "../command-failure.ts";
import { printResult, table, withoutControls } from "../output.ts";
import { createApi } from "../target/create-api.ts";
import { resolveTarget, type TargetOptions } from "../target/resolve-target.ts";

/** Options of `channels history`. */
interface HistoryOptions extends TargetOptions {
  readonly json?: boolean;
  readonly limit: number;
  readonly after?: string;
}

/** `GET /apps/{id}/channels/{name}/events`. */
interface KeptEvents {
  readonly epoch?: string;
  readonly offset?: number;
  readonly truncated?: boolean;
  readonly events: readonly {
    readonly name?: string;
    readonly data?: unknown;
    readonly offset: number;
    readonly time_ms?: number;
  }[];
}

/** Prints the events that a channel keeps for clients that reconnect. Encrypted ones are printed as the server has them. */
export async function showHistory(channel: string, { limit, after, ...options }: HistoryOptions): Promise<void> {
  const api = await createApi(await resolveTarget(options));
  const answer = await api.get({
    path: `/channels/${encodeURIComponent(channel)}/events`,
    params: { limit, ...(after !== undefined && { after }) },
  });
  const text = await answer.text();
  if (!answer.ok) throw new CommandFailure(`${text.trim()} (${answer.status}).`);
  const kept = JSON.parse(text) as KeptEvents;
  printResult(options.json, kept, () => {
    const truncated = kept.truncated === true ? "Events after this position are no longer kept.\n" : "";
    if (kept.events.length === 0) return `${truncated}The channel keeps no events.\n`;
    const rows = kept.events.map(({ offset, time_ms, name, data }) => [
      offset,
      time_ms === undefined ? undefined : new Date(time_ms).toISOString(),
      withoutControls(name ?? "-"),
      withoutControls(typeof data === "string" ? data : (JSON.stringify(data) ?? "-")),
    ]);
    return `${truncated}${table(["OFFSET", "TIME", "EVENT", "DATA"], rows)}`;
  });
}
