import { CommandFailure } from "../command-failure.ts";
import { resolveServer, type ServerOptions } from "../target/resolve-server.ts";
import { readConfig, resolveTarget, type TargetOptions } from "../target/resolve-target.ts";

/** Query parameters of a request; undefined ones are left out. */
type Query = Readonly<Record<string, string | undefined>>;

/** The admin API of a server: what operators may do, with the admin token. */
export interface AdminApi {
  /**
   * Sends a request and returns the JSON of the answer; fails with the server's reason.
   *
   * @param path path below `/admin`, with encoded parts, such as `/apps/1001/webhooks`.
   * @param body sent as JSON.
   */
  request<Answer>(method: string, path: string, query?: Query, body?: unknown): Promise<Answer>;
}

/** The admin API of the server of one app. */
export interface AppAdminApi extends AdminApi {
  /** Id of the app that the options of the command name. */
  readonly appId: string;
}

/** Returns the admin API of the server that the options of a command name. */
export async function createAdminApi(options: ServerOptions): Promise<AdminApi> {
  return adminApiAt(await resolveServer(options), await adminToken(options.config));
}

/** Returns the admin API of the server of the app that the options of a command name, and the app's id. */
export async function createAdminApiOfApp(options: TargetOptions): Promise<AppAdminApi> {
  const { httpUrl, appId } = await resolveTarget(options);
  return { ...adminApiAt(httpUrl, await adminToken(options.config)), appId };
}

function adminApiAt(address: string, token: string): AdminApi {
  return {
    async request<Answer>(method: string, path: string, query: Query = {}, body?: unknown): Promise<Answer> {
      const url = new URL(`${address}/admin${path}`);
      for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      };
      const answer = await send(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
      const text = await answer.text();
      if (!answer.ok) throw new CommandFailure(refusalOf(answer.status, text));
      return JSON.parse(text) as Answer;
    },
  };
}

async function adminToken(config: string | undefined): Promise<string> {
  const token = process.env["SEALCAST_ADMIN_TOKEN"] || (config && (await readConfig(config)).adminToken);
  if (token) return token;
  throw new CommandFailure(
    "This command needs the admin token of the server: set SEALCAST_ADMIN_TOKEN, or use --config FILE.",
  );
}

async function send(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : "unknown reason";
    throw new CommandFailure(`Cannot reach ${url.origin}: ${cause || "connection refused"}.`);
  }
}

function refusalOf(status: number, text: string): string {
  if (status === 404 && !text.includes("app") && !text.includes("webhook")) {
    return "The server has no admin API. Set `adminToken` in its configuration.";
  }
  return `${text.trim()} (${status}).`;
}
