import { createAdminApiOfApp, type AppAdminApi } from "../admin/admin-api.ts";
import { CommandFailure } from "../command-failure.ts";
import { printResult, table } from "../output.ts";
import type { TargetOptions } from "../target/resolve-target.ts";

/** Options of every command about webhooks. */
interface WebhooksOptions extends TargetOptions {
  readonly json?: boolean;
  readonly limit?: number;
  readonly id?: string;
}

interface Webhooks {
  readonly webhooks: readonly { readonly url: string; readonly events: readonly string[]; readonly batch: boolean }[];
  readonly queue: { readonly events: number; readonly bytes: number; readonly deadLetters: number };
}

interface Attempts {
  readonly attempts: readonly {
    readonly delivery: string;
    readonly atMs: number;
    readonly durationMs: number;
    readonly status: number | null;
    readonly error: string | null;
    readonly events: number;
  }[];
}

interface DeadLetters {
  readonly deadLetters: readonly {
    readonly id: string;
    readonly failedMs: number;
    readonly error: string;
    readonly events: readonly { readonly name: string; readonly channel: string }[];
  }[];
}

/** Prints the webhooks of an app and what waits in the queue of the server. */
export async function listWebhooks(options: WebhooksOptions): Promise<void> {
  const found = await webhooksOf(await createAdminApiOfApp(options));
  const { events, deadLetters } = found.queue;
  printResult(options.json, found, () => {
    const waiting = `Queue of the server: ${events} events wait, ${deadLetters} dead letters.\n`;
    if (found.webhooks.length === 0) return `The app has no webhooks.\n${waiting}`;
    return `${table(
      ["URL", "EVENTS"],
      found.webhooks.map((one) => [one.url, one.events.join(", ")]),
    )}\n${waiting}`;
  });
}

/** Prints the latest attempts at deliveries to a URL. */
export async function listDeliveries(url: string | undefined, options: WebhooksOptions): Promise<void> {
  const { attempts } = await requestFor<Attempts>("GET", "attempts", url, options);
  printResult(options.json, attempts, () =>
    attempts.length === 0
      ? "No delivery was attempted.\n"
      : table(
          ["TIME", "RESULT", "MS", "EVENTS", "DELIVERY"],
          attempts.map(({ atMs, status, error, durationMs, events, delivery }) => [
            new Date(atMs).toISOString(),
            error ?? status ?? undefined,
            durationMs,
            events,
            delivery,
          ]),
        ),
  );
}

/** Prints the deliveries to a URL that were given up. */
export async function listDeadLetters(url: string | undefined, options: WebhooksOptions): Promise<void> {
  const { deadLetters } = await requestFor<DeadLetters>("GET", "dead", url, options);
  printResult(options.json, deadLetters, () =>
    deadLetters.length === 0
      ? "There are no dead letters.\n"
      : table(
          ["FAILED", "ERROR", "EVENTS", "ID"],
          deadLetters.map(({ failedMs, error, events, id }) => [
            new Date(failedMs).toISOString(),
            error,
            [...new Set(events.map(({ name }) => name))].join(", "),
            id,
          ]),
        ),
  );
}

/** Sends dead letters again. */
export async function replayDeadLetters(url: string | undefined, options: WebhooksOptions): Promise<void> {
  const answer = await requestFor<{ readonly replayed: number }>("POST", "dead/replay", url, options);
  printResult(options.json, answer, () => `${answer.replayed} dead letters are sent again.\n`);
}

/** Removes dead letters. */
export async function clearDeadLetters(url: string | undefined, options: WebhooksOptions): Promise<void> {
  const answer = await requestFor<{ readonly removed: number }>("DELETE", "dead", url, options);
  printResult(options.json, answer, () => `${answer.removed} dead letters were removed.\n`);
}

async function requestFor<Answer>(
  method: string,
  path: string,
  url: string | undefined,
  options: WebhooksOptions,
): Promise<Answer> {
  const api = await createAdminApiOfApp(options);
  const query = { url: url ?? (await onlyUrl(api)), id: options.id, limit: options.limit?.toString() };
  return api.request(method, `/apps/${encodeURIComponent(api.appId)}/webhooks/${path}`, query);
}

function webhooksOf(api: AppAdminApi): Promise<Webhooks> {
  return api.request("GET", `/apps/${encodeURIComponent(api.appId)}/webhooks`);
}

/** Returns the URL of the app's only webhook; fails if there are none or several. */
async function onlyUrl(api: AppAdminApi): Promise<string> {
  const urls = (await webhooksOf(api)).webhooks.map(({ url }) => url);
  const [url] = urls;
  if (url === undefined) throw new CommandFailure("The app has no webhooks.");
  if (urls.length > 1) throw new CommandFailure(`The app has several webhooks. Name one of them:\n${urls.join("\n")}`);
  return url;
}
