import { z } from "zod";
import { operatorAccount, type OperatorIdentity } from "./operator-account.ts";

const urlForm = "an https:// URL; http:// only on loopback";
const grantsForm = "a list of objects with value and role";

/** The reply of a provider is believed because TLS says where it comes from. */
const safeUrl = /^(https:\/\/[^\s/?#]+|http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?)(\/[^\s?#]*)?$/i;

const url = z.string(urlForm).regex(safeUrl, urlForm);
const text = z.string("text").min(1, "text");

/** Single sign-on with an OpenID provider, as the configuration states it. */
export const singleSignOn = z.strictObject(
  {
    issuer: url.describe("The provider's issuer, as in its `/.well-known/openid-configuration`."),
    clientId: text.describe("Id of this server at the provider."),
    clientSecret: text.describe("Secret of this server at the provider."),
    publicUrl: url.describe(
      "Address at which browsers reach this server, such as `https://realtime.example.com`. The redirect URI to register at the provider is this address and `/console/signed-on`.",
    ),
    scope: text
      .default("openid profile email")
      .describe("Scopes that are requested. Some providers send groups only with a scope of their own."),
    claim: text
      .default("groups")
      .describe(
        "Claim of the user that decides about roles: text, or a list of texts. The claim `email` counts only if the provider has verified the address (`email_verified`).",
      ),
    grants: z
      .array(
        z.strictObject(
          { value: text.describe("A value of the claim."), ...operatorAccount.pick({ role: true, apps: true }).shape },
          "an object with value and role",
        ),
        grantsForm,
      )
      .min(1, grantsForm)
      .describe("Who may do what: the first row whose value the claim has. Users without a row cannot sign in."),
  },
  "an object with issuer, clientId, clientSecret, publicUrl and grants",
);

/** Single sign-on with an OpenID provider. */
export type SingleSignOnSettings = z.output<typeof singleSignOn>;

/** What a provider says of a user. */
export type Claims = Readonly<Record<string, unknown>>;

/** The operator that a user is; undefined: the user may not sign in. */
export function operatorOf(
  { claim, grants }: Pick<SingleSignOnSettings, "claim" | "grants">,
  claims: Claims,
): OperatorIdentity | undefined {
  // Users of many providers may type in any address.
  const values = claim === "email" ? [verifiedEmailOf(claims)] : [claims[claim]].flat();
  const grant = grants.find(({ value }) => values.includes(value));
  return grant && { name: nameOf(claims), role: grant.role, apps: grant.apps };
}

/** The name that the audit shows. Users choose some names freely, so only a verified address and the id are believed. */
function nameOf(claims: Claims): string {
  return String(verifiedEmailOf(claims) ?? claims["sub"]).slice(0, 100);
}

function verifiedEmailOf({ email, email_verified: isVerified }: Claims): string | undefined {
  return typeof email === "string" && isVerified === true ? email : undefined;
}
