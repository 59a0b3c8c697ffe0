import type { OpenEndpoint } from "../../http-api/endpoint.ts";
import type { ConsoleSession } from "../contract.ts";
import { consoleError, consoleJson } from "../console-reply.ts";
import type { OperatorAccess } from "../operator-access.ts";
import { readJson, textField } from "../read-json.ts";

/** Creates `GET /console/api/session`. */
export function createShowSession(access: OperatorAccess, server: ConsoleSession["server"]): OpenEndpoint {
  return ({ request }) => {
    const session = access.sessionOf(request);
    const operator = session && { name: session.operator.name, role: session.operator.role };
    const answer: ConsoleSession = {
      operator,
      token: session?.token,
      signIn: { password: access.hasAccounts },
      server,
    };
    return consoleJson(answer);
  };
}

/** Creates `POST /console/api/login`, with `{"name", "password"}`. */
export function createLogin(access: OperatorAccess): OpenEndpoint {
  return async ({ request }) => {
    const body = readJson(request.body);
    const [name, password] = [textField(body, "name"), textField(body, "password")];
    if (name === undefined || password === undefined)
      return consoleError(400, "Expected an object with name and password");
    const answer = await access.signIn(request, name, password);
    return "cookie" in answer ? consoleJson({}, { "set-cookie": answer.cookie }) : answer;
  };
}

/** Creates `POST /console/api/logout`. */
export function createLogout(access: OperatorAccess): OpenEndpoint {
  return ({ request }) => consoleJson({}, { "set-cookie": access.signOut(request) });
}
