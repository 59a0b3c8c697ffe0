import { fail, type AppId, type Problem } from "@sealcast/protocol";
import { secretOfKey } from "../core/apps/app.ts";
import type { AppStore } from "../ports/app-store.ts";
import type { Signer } from "../ports/signer.ts";

/** How much of a client's own text an error message repeats, in characters. */
const shownLength = 200;

/**
 * Checks `key:signature` against the text that the app's backend signed; the key selects the secret. Returns undefined if
 * the signature is right. The texts are those of the official service, and never hold the right signature.
 */
export type AuthVerifier = (app: AppId, auth: string | undefined, toSign: string) => Problem | undefined;

/** Creates a verifier that uses the current secrets: they are added and withdrawn while connections stay open. */
export function createAuthVerifier(
  apps: Pick<AppStore, "byId" | "used">,
  signer: Pick<Signer, "verify">,
): AuthVerifier {
  return (appId, auth = "", toSign) => {
    const colon = auth.indexOf(":");
    const key = colon === -1 ? auth : auth.slice(0, colon);
    const signature = colon === -1 ? "" : auth.slice(colon + 1);
    const app = apps.byId(appId);
    const secret = app === undefined ? undefined : secretOfKey(app, key);
    if (secret === undefined) {
      return fail("invalidKey", `Invalid key in subscription auth data: '${shown(key)}'`).error;
    }
    if (signer.verify(secret, toSign, signature)) {
      apps.used(key);
      return undefined;
    }
    return fail(
      "invalidSignature",
      `Invalid signature: Expected HMAC SHA256 hex digest of ${shown(toSign)}, but got ${shown(signature)}`,
    ).error;
  };
}

function shown(text: string): string {
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
}
