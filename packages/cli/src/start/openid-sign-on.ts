import type {
  Log,
  SignOnAttempt,
  SignOnResult,
  SingleSignOn,
  SingleSignOnSettings,
  Unavailable,
} from "@sealcast/server";
import type { Configuration } from "openid-client";

type Library = typeof import("openid-client");

/** The library, and what the provider says of itself. */
interface Connected {
  readonly library: Library;
  readonly provider: Configuration;
}

const timeoutSeconds = 10;

/** Single sign-on with an OpenID provider. Nothing is loaded or asked before somebody signs in. */
export class OpenIdSignOn implements SingleSignOn {
  readonly #settings: SingleSignOnSettings;
  readonly #log: Pick<Log, "warn">;
  readonly #redirectUri: string;
  #connected: Promise<Connected> | undefined;

  /** @param log where it says why the provider cannot be used. */
  constructor(settings: SingleSignOnSettings, log: Pick<Log, "warn">) {
    this.#settings = settings;
    this.#log = log;
    this.#redirectUri = new URL("/console/signed-on", settings.publicUrl).href;
  }

  async begin(): Promise<{ readonly url: string; readonly attempt: SignOnAttempt } | Unavailable> {
    const connected = await this.#connect();
    if (connected === "unavailable") return connected;
    const { library, provider } = connected;
    const attempt = {
      state: library.randomState(),
      nonce: library.randomNonce(),
      codeVerifier: library.randomPKCECodeVerifier(),
    };
    const url = library.buildAuthorizationUrl(provider, {
      redirect_uri: this.#redirectUri,
      scope: this.#settings.scope,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await library.calculatePKCECodeChallenge(attempt.codeVerifier),
      code_challenge_method: "S256",
    });
    return { url: url.href, attempt };
  }

  async finish(attempt: SignOnAttempt, query: string): Promise<SignOnResult | Unavailable> {
    const connected = await this.#connect();
    if (connected === "unavailable") return connected;
    try {
      return await this.#signOn(connected, attempt, query);
    } catch (error) {
      const reason = reasonOf(error);
      if (!isOutage(error)) return { kind: "refused", reason };
      this.#log.warn("console.sign_on_unavailable", { reason });
      return "unavailable";
    }
  }

  async #signOn(
    { library, provider }: Connected,
    { state, nonce, codeVerifier }: SignOnAttempt,
    query: string,
  ): Promise<SignOnResult> {
    const address = new URL(`${this.#redirectUri}?${query}`);
    const checks = {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
    };
    const tokens = await library.authorizationCodeGrant(provider, address, checks);
    const claims = tokens.claims();
    if (claims === undefined) return { kind: "refused", reason: "no-id-token" };
    const { end_session_endpoint: endPage, userinfo_endpoint: userInfo } = provider.serverMetadata();
    const isComplete = claims[this.#settings.claim] !== undefined || userInfo === undefined;
    // Many providers send groups in the user info only.
    const more = isComplete ? {} : await library.fetchUserInfo(provider, tokens.access_token, claims.sub);
    const endUrl =
      endPage === undefined
        ? undefined
        : library.buildEndSessionUrl(provider, {
            post_logout_redirect_uri: new URL("/console/", this.#settings.publicUrl).href,
            ...(tokens.id_token === undefined ? {} : { id_token_hint: tokens.id_token }),
          }).href;
    return { kind: "signed-on", claims: { ...more, ...claims }, endUrl };
  }

  /** Asks the provider for its addresses, once it can be reached. */
  async #connect(): Promise<Connected | Unavailable> {
    this.#connected ??= this.#discover();
    try {
      return await this.#connected;
    } catch (error) {
      this.#connected = undefined;
      this.#log.warn("console.sign_on_unavailable", { reason: reasonOf(error) });
      return "unavailable";
    }
  }

  async #discover(): Promise<Connected> {
    // Loaded on demand: most servers have no single sign-on.
    const library = await import("openid-client");
    const { clientId, clientSecret, issuer } = this.#settings;
    const isPlain = issuer.startsWith("http:");
    const provider = await library.discovery(new URL(issuer), clientId, clientSecret, undefined, {
      timeout: timeoutSeconds,
      execute: isPlain ? [library.allowInsecureRequests] : [],
    });
    return { library, provider };
  }
}

/** Whether the provider did not answer, and not refuse. */
function isOutage(error: unknown): boolean {
  return codeOf(error) === "OAUTH_TIMEOUT" || (error instanceof TypeError && error.message === "fetch failed");
}

/** A code for the log: messages may hold what the user or the provider sent. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && "error" in error && typeof error.error === "string") return error.error.slice(0, 100);
  return codeOf(error) ?? codeOf(error instanceof Error ? error.cause : undefined) ?? "failed";
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
