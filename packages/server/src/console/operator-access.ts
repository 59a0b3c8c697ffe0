import { andThen, type Awaitable } from "../core/awaitable.ts";
import { isLoopbackName } from "../core/loopback-name.ts";
import type { Clock } from "../ports/clock.ts";
import type { PasswordHasher } from "../ports/password-hasher.ts";
import type { HttpReply, HttpRequest } from "../ports/transport.ts";
import type { OpenCall } from "../http-api/endpoint.ts";
import { hostNameOf } from "../http-api/host-name.ts";
import { consoleError } from "./console-reply.ts";
import { developer, type OperatorAccount } from "../core/operator-account.ts";
import { OperatorSessions, type OperatorSession } from "./operator-sessions.ts";
import { SignInLimit } from "./sign-in-limit.ts";

const cookieName = "sealcast_console";
/** An account that nobody has: a wrong name takes as long as a wrong password. */
const nobody = "scrypt:32768:8:3:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/** An endpoint for operators who are signed in. */
export type OperatorEndpoint = (call: OpenCall & { readonly operator: OperatorAccount }) => Awaitable<HttpReply>;

/** Who may do what in the console. */
export class OperatorAccess {
  readonly #accounts: readonly OperatorAccount[];
  readonly #hasher: PasswordHasher;
  readonly #clock: Pick<Clock, "monotonicNow">;
  readonly #sessions: OperatorSessions;
  readonly #limit = new SignInLimit();
  /** For everybody on this machine, if there are no accounts: the development set-up. */
  readonly #developer: OperatorSession;

  /**
   * @param accounts none: the console is open to everybody on this machine, and to nobody else.
   * @param randomText makes an unguessable text.
   */
  constructor(
    accounts: readonly OperatorAccount[],
    hasher: PasswordHasher,
    clock: Pick<Clock, "monotonicNow">,
    randomText: () => string,
  ) {
    this.#accounts = accounts;
    this.#hasher = hasher;
    this.#clock = clock;
    this.#sessions = new OperatorSessions(randomText);
    this.#developer = { operator: developer, token: randomText() };
  }

  /** Whether operators sign in with name and password. */
  get hasAccounts(): boolean {
    return this.#accounts.length > 0;
  }

  /** The session of a request, if it has one. */
  sessionOf(request: HttpRequest): OperatorSession | undefined {
    if (this.hasAccounts) return this.#sessions.find(cookieOf(request) ?? "", this.#clock.monotonicNow());
    // A page that has made its own name point to this machine is kept out by the name.
    return isLoopbackName(hostNameOf(request)) ? this.#developer : undefined;
  }

  /** Checks a password. Returns the cookie of the new session, or the reply that refuses it. */
  async signIn(request: HttpRequest, name: string, password: string): Promise<{ cookie: string } | HttpReply> {
    const now = this.#clock.monotonicNow();
    const waitMs = this.#limit.begin(request.address, now);
    if (waitMs > 0) {
      const seconds = String(Math.ceil(waitMs / 1_000));
      return consoleError(429, `Too many attempts; wait ${seconds} seconds`, { "retry-after": seconds });
    }
    const account = this.#accounts.find((one) => one.name === name);
    const matches = await this.#hasher.matches(password, account?.passwordHash ?? nobody);
    if (account === undefined || !matches) return consoleError(401, "Name or password is wrong");
    this.#limit.succeeded(request.address);
    return { cookie: cookie(this.#sessions.begin(account, now), request.secure) };
  }

  /** Ends the session of a request. Returns the cookie that replaces its own. */
  signOut(request: HttpRequest): string {
    this.#sessions.end(cookieOf(request) ?? "");
    return `${cookie("", request.secure)}; Max-Age=0`;
  }

  /**
   * Makes an endpoint for operators only. Requests that change something must carry the session's token, and come from an
   * operator who may change things.
   */
  guard(endpoint: OperatorEndpoint): (call: OpenCall) => Awaitable<HttpReply> {
    return (call) => {
      const { request } = call;
      const session = this.sessionOf(request);
      if (session === undefined) return consoleError(401, "Sign in first");
      const { operator, token } = session;
      if (request.method !== "GET" && request.method !== "HEAD") {
        if (request.header("x-console-token") !== token)
          return consoleError(403, "The request did not come from this page");
        if (operator.role !== "admin") return consoleError(403, "You may look, but not change anything");
      }
      return andThen(endpoint({ ...call, operator }), (reply) => reply);
    };
  }
}

function cookieOf(request: HttpRequest): string | undefined {
  for (const part of (request.header("cookie") ?? "").split(";")) {
    const [name, value] = part.trim().split("=");
    if (name === cookieName) return value;
  }
  return undefined;
}

function cookie(value: string, secure: boolean): string {
  return `${cookieName}=${value}; Path=/console; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`;
}
