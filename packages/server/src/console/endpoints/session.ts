import type { OpenEndpoint } from "../../http-api/endpoint.ts";
import type { ConsoleSession, SignedOut } from "../contract.ts";
import { consoleError, consoleJson } from "../console-reply.ts";
import type { OperatorAccess } from "../operator-access.ts";
import type { OperatorAudit } from "../operator-audit.ts";
import type { HttpRequest } from "../../ports/transport.ts";
import { readJson, textField } from "../read-json.ts";

/** Creates `GET /console/api/session`. */
export function createShowSession(
  access: OperatorAccess,
  { server, signIn }: Pick<ConsoleSession, "server" | "signIn">,
): OpenEndpoint {
  return ({ request }) => {
    const session = access.sessionOf(request);
    const operator = session && {
      name: session.operator.name,
      role: session.operator.role,
      seesAllApps: session.operator.apps === undefined,
    };
    return consoleJson({ operator, token: session?.token, signIn, server } satisfies ConsoleSession);
  };
}

/** Creates `POST /console/api/login`, with `{"name", "password"}`. */
export function createLogin(access: OperatorAccess, audit: OperatorAudit): OpenEndpoint {
  return async ({ request }) => {
    if (isFromAnotherSite(request)) return fromAnotherSite;
    const body = readJson(request.body);
    const [name, password] = [textField(body, "name"), textField(body, "password")];
    if (name === undefined || password === undefined)
      return consoleError(400, "Expected an object with name and password");
    const answer = await access.signIn(request, name, password);
    const reply = "cookie" in answer ? consoleJson({}, { "set-cookie": answer.cookie }) : answer;
    // A name that nobody has may be a password in the wrong field.
    const operator = access.hasAccount(name) ? name : "";
    return audit.follow({ operator, action: "sign-in", app: undefined, subject: request.address }, reply);
  };
}

/** Creates `POST /console/api/logout`. */
export function createLogout(access: OperatorAccess): OpenEndpoint {
  return ({ request }) => {
    if (isFromAnotherSite(request)) return fromAnotherSite;
    const endUrl = access.sessionOf(request)?.endUrl;
    return consoleJson({ endUrl } satisfies SignedOut, { "set-cookie": access.signOut(request) });
  };
}

const fromAnotherSite = consoleError(403, "The request did not come from this page");

/**
 * Whether a browser says that a page of another site sends the request. Sign-ins have no token to check yet, and a sign-out
 * without its token must not be possible from elsewhere.
 */
function isFromAnotherSite(request: HttpRequest): boolean {
  const site = request.header("sec-fetch-site") ?? "none";
  return site !== "none" && site !== "same-origin";
}
