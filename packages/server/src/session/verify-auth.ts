import { fail, type Problem } from "@sealcast/protocol";
import { secretOfKey } from "../core/app.ts";
import type { Session } from "./session.ts";

/** How much of a client's own text an error message repeats, in characters. */
const shownLength = 200;

/**
 * Checks `key:signature` against the text that was to be signed; the key picks the secret. Gives the problem, or
 * undefined. The texts are those of the official service, and never hold the right signature.
 */
export function authProblem({ app, services }: Session, auth: string | undefined, toSign: string): Problem | undefined {
  const given = auth ?? "";
  const colon = given.indexOf(":");
  const key = colon === -1 ? given : given.slice(0, colon);
  const signature = colon === -1 ? "" : given.slice(colon + 1);
  // Secrets are added and withdrawn while connections stay open.
  const current = services.apps.byId(app.id);
  const secret = current === undefined ? undefined : secretOfKey(current, key);
  if (secret === undefined) {
    return fail("invalidKey", `Invalid key in subscription auth data: '${shown(key)}'`).error;
  }
  if (services.signer.verify(secret, toSign, signature)) return undefined;
  return fail(
    "invalidSignature",
    `Invalid signature: Expected HMAC SHA256 hex digest of ${shown(toSign)}, but got ${shown(signature)}`,
  ).error;
}

function shown(text: string): string {
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
}
