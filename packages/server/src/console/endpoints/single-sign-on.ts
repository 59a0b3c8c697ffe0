import { operatorOf, type SingleSignOnSettings } from "../../core/operators/single-sign-on.ts";
import type { OpenEndpoint } from "../../http-api/endpoint.ts";
import type { Clock } from "../../ports/clock.ts";
import type { SingleSignOn } from "../../ports/single-sign-on.ts";
import type { HttpReply, HttpRequest } from "../../ports/transport.ts";
import type { SignOnProblem } from "../contract.ts";
import type { OperatorAccess } from "../operator-access.ts";
import type { OperatorAudit } from "../operator-audit.ts";
import { cookieOf, noCookie, signOnCookie } from "../session-cookie.ts";
import { decodeAttempt, encodeAttempt, signOnSeconds } from "../sign-on-cookie.ts";

/** Single sign-on, and who may do what. */
export interface SignOnAccess {
  readonly provider: SingleSignOn;
  readonly settings: SingleSignOnSettings;
}

/** Creates `GET /console/sign-on`: sends the browser to the provider. */
export function createSignOn({ provider }: SignOnAccess, clock: Pick<Clock, "now">): OpenEndpoint {
  return async ({ request }) => {
    const begun = await provider.begin();
    if (begun === "unavailable") return problem(request, "unavailable");
    const cookie = signOnCookie(encodeAttempt(begun.attempt, clock.now()), signOnSeconds, request.secure);
    return redirect(begun.url, cookie);
  };
}

/** Creates `GET /console/signed-on`, to which the provider sends the browser back. */
export function createSignedOn(
  { provider, settings }: SignOnAccess,
  clock: Pick<Clock, "now">,
  access: OperatorAccess,
  audit: OperatorAudit,
): OpenEndpoint {
  return async ({ request }) => {
    const attempt = decodeAttempt(cookieOf(request), clock.now());
    if (attempt === undefined) return problem(request, "expired");
    const result = await provider.finish(attempt, request.query);
    if (result === "unavailable") return problem(request, "unavailable");
    if (result.kind === "refused") {
      audit.report({ operator: "", action: "sign-in", app: undefined, subject: result.reason }, 403);
      return problem(request, "refused");
    }
    const operator = operatorOf(settings, result.claims);
    const name = operator?.name ?? String(result.claims["sub"]).slice(0, 100);
    audit.report({ operator: name, action: "sign-in", app: undefined, subject: request.address }, operator ? 200 : 403);
    if (operator === undefined) return problem(request, "no-role");
    return redirect("/console/", access.beginSignedOn(request, operator, result.endUrl));
  };
}

/** Sends the browser to the console, which says what went wrong. */
function problem(request: HttpRequest, name: SignOnProblem): HttpReply {
  return redirect(`/console/#/sign-in?problem=${name}`, noCookie(request.secure));
}

function redirect(location: string, cookie: string): HttpReply {
  const headers = { location, "set-cookie": cookie, "cache-control": "no-store", "referrer-policy": "no-referrer" };
  return { status: 302, headers, body: "" };
}
