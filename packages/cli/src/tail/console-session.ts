import { CommandFailure } from "../command-failure.ts";
import { readSecret } from "../console/read-secret.ts";
import type { ConsoleError, ConsoleSession } from "@sealcast/server/console";

/** Returns the headers with which the console of a server answers: none if it is open, otherwise those of a new session. */
export async function openConsoleSession(api: string, operator: string | undefined): Promise<Record<string, string>> {
  const answer = await ask(`${api}/session`);
  if (answer.status === 404) throw new CommandFailure("The server has no console. Set `console` and `operators`.");
  if (!answer.ok) throw new CommandFailure(await reasonOf(answer));
  const session = (await answer.json()) as ConsoleSession;
  if (session.operator !== undefined) return {};
  if (!session.signIn.password) {
    throw new CommandFailure(
      session.signIn.singleSignOn
        ? "The console of this server has single sign-on only. Add an operator with a password to `operators`."
        : "The console of this server is open only to its own machine. Add `operators`.",
    );
  }
  if (operator === undefined) {
    throw new CommandFailure("The console asks for a name and a password: use --operator NAME.");
  }
  const password = process.env["SEALCAST_CONSOLE_PASSWORD"] || (await readSecret("Password: "));
  const signedIn = await ask(`${api}/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: operator, password }),
  });
  if (!signedIn.ok) throw new CommandFailure(await reasonOf(signedIn));
  return { cookie: (signedIn.headers.get("set-cookie") ?? "").split(";")[0] ?? "" };
}

/** Sends a request to the console; fails if nothing answers. */
export async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : "";
    throw new CommandFailure(`Cannot reach ${new URL(url).origin}: ${cause || "connection refused"}.`);
  }
}

/** Returns why the console refused a request. */
export async function reasonOf(answer: Response): Promise<string> {
  const text = await answer.text();
  try {
    return `${(JSON.parse(text) as ConsoleError).error} (${answer.status}).`;
  } catch {
    return `${answer.status} from a program that is not the console.`;
  }
}
