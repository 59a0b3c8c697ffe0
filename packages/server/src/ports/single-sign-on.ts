import type { Claims } from "../core/operators/single-sign-on.ts";
import type { Unavailable } from "./unavailable.ts";

/** What is needed to finish a sign-in that has begun. The browser keeps it in a cookie while the user is at the provider. */
export interface SignOnAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** How a sign-in ended at the provider. */
export type SignOnResult =
  | {
      readonly kind: "signed-on";
      readonly claims: Claims;
      /** Where the browser goes to end the provider's session, too; undefined if the provider has no such page. */
      readonly endUrl: string | undefined;
    }
  /** `reason` is a code for the log, without secrets. */
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Signs operators in at an OpenID provider: authorization code flow with PKCE.
 * [SSO1] `finish` accepts only what the provider sent for this attempt: the state, the nonce and the code verifier match, and
 *        the provider's answer comes from the issuer of the settings.
 * [SSO2] If the provider cannot be reached, both methods answer "unavailable", and the next call tries again.
 */
export interface SingleSignOn {
  /** Answers where to send the browser. */
  begin(): Promise<{ readonly url: string; readonly attempt: SignOnAttempt } | Unavailable>;
  /** @param query of the address to which the provider sent the browser, without "?". */
  finish(attempt: SignOnAttempt, query: string): Promise<SignOnResult | Unavailable>;
}
