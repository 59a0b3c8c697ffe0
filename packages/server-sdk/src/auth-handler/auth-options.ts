import { checkFunctionOption, checkOptionNames, typeName } from "../option-names.ts";
import { SealcastError } from "../sealcast-error.ts";
import { checkOrigins, type AllowedOrigins } from "./origin.ts";

const callee = "createAuthHandler";
const names = ["sealcast", "authenticate", "authorize", "origins", "onError"];
const renamed = {
  pusher: "sealcast",
  client: "sealcast",
  origin: "origins",
  allowedOrigins: "origins",
  cors: "origins",
};

/**
 * Checks the options of `createAuthHandler`, whatever their types: JavaScript applications are not type-checked.
 *
 * @throws {SealcastError} `invalid-options` that names the option which is missing, unknown or not valid.
 */
export function checkAuthOptions(options: {
  readonly sealcast: { readonly authorizeChannel: unknown };
  readonly authenticate: unknown;
  readonly authorize: unknown;
  readonly origins?: AllowedOrigins;
  readonly onError?: unknown;
}): void {
  checkOptionNames(callee, options, names, renamed);
  const sealcast = options.sealcast as { readonly authorizeChannel?: unknown } | undefined | null;
  if (typeof sealcast?.authorizeChannel !== "function") {
    const found = typeName(sealcast);
    throw new SealcastError(
      "invalid-options",
      `${callee} needs the option sealcast: a Sealcast instance, got ${found}`,
    );
  }
  checkFunctionOption(callee, "authenticate", options.authenticate);
  checkFunctionOption(callee, "authorize", options.authorize);
  if (options.onError !== undefined) checkFunctionOption(callee, "onError", options.onError);
  if (options.origins !== undefined) checkOrigins(options.origins);
}
