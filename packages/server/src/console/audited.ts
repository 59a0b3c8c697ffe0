import type { OpenCall, OpenEndpoint } from "../http-api/endpoint.ts";
import { percentDecode } from "../core/urls/percent-decode.ts";
import type { OperatorAccess } from "./operator-access.ts";
import type { OperatorAudit } from "./operator-audit.ts";

/** How a change is named in the audit. */
export interface AuditedChange {
  /** Such as "send-event". */
  readonly action: string;
  /** What a request is about, without secrets. Default: the second wildcard of the path, a key or a socket id. */
  readonly subjectOf?: (request: OpenCall["request"]) => string;
}

/** As many as a channel name may have. */
const maxCharacters = 200;

/** Reports every change that somebody who is signed in asks for: also those that the endpoint's guard refuses. */
export function audited(
  { access, audit }: { readonly access: OperatorAccess; readonly audit: OperatorAudit },
  { action, subjectOf }: AuditedChange,
  endpoint: OpenEndpoint,
): OpenEndpoint {
  return (call) => {
    const { request, wildcards } = call;
    const operator = access.sessionOf(request)?.operator.name;
    if (operator === undefined) return endpoint(call);
    const [app, named = ""] = wildcards.map((text) => percentDecode(text).slice(0, maxCharacters));
    const subject = subjectOf === undefined ? named : subjectOf(request).slice(0, maxCharacters);
    return audit.follow({ operator, action, app, subject }, endpoint(call));
  };
}
