import { andThen, type Awaitable } from "../core/awaitable.ts";
import { developer, type OperatorAccount, type OperatorIdentity } from "../core/operators/operator-account.ts";
import type { OpenCall } from "../http-api/endpoint.ts";
import { isLocal } from "../http-api/is-local.ts";
import type { Clock } from "../ports/clock.ts";
import type { PasswordHasher } from "../ports/password-hasher.ts";
import type { HttpReply, HttpRequest } from "../ports/transport.ts";
import { consoleError } from "./console-reply.ts";
import { OperatorSessions, type OperatorSession } from "./operator-sessions.ts";
import { cookieOf, noCookie, sessionCookie } from "./session-cookie.ts";
import { SignInLimit } from "./sign-in-limit.ts";

/** The hash that is compared if no operator has the name: a wrong name takes as long as a wrong password. */
const unknownOperatorHash = "scrypt:32768:8:3:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/** Passwords that are checked at the same time: each check takes 32 MiB and a thread of a small pool. Our choice. */
const maxChecks = 10;
/** How often an open stream checks that its session goes on, in milliseconds. */
const streamCheckMs = 1_000;

/** An endpoint for operators who are signed in. */
export type OperatorEndpoint = (call: OpenCall & { readonly operator: OperatorIdentity }) => Awaitable<HttpReply>;

/** Who may use the console, and what is needed to check that. */
export interface AccessPorts {
  /** Operators with a password. */
  readonly accounts: readonly OperatorAccount[];
  /** The development set-up: everybody on this machine is an admin, and nobody else may use the console. */
  readonly isOpen: boolean;
  readonly hasher: Pick<PasswordHasher, "matches">;
  readonly clock: Pick<Clock, "monotonicNow" | "every">;
  /** Makes an unguessable text. */
  readonly randomText: () => string;
}

/** Who may do what in the console. */
export class OperatorAccess {
  readonly #ports: AccessPorts;
  readonly #sessions: OperatorSessions;
  readonly #limit = new SignInLimit();
  readonly #developer: OperatorSession;
  #checks = 0;

  constructor(ports: AccessPorts) {
    this.#ports = ports;
    this.#sessions = new OperatorSessions(ports.randomText);
    this.#developer = { operator: developer, token: ports.randomText(), endUrl: undefined };
  }

  /** Whether an operator with this name has a password. */
  hasAccount(name: string): boolean {
    return this.#ports.accounts.some((account) => account.name === name);
  }

  /** The session of a request, if it has one. */
  sessionOf(request: HttpRequest): OperatorSession | undefined {
    if (!this.#ports.isOpen) return this.#sessions.find(cookieOf(request), this.#ports.clock.monotonicNow());
    return isLocal(request) ? this.#developer : undefined;
  }

  /** Checks a password. Returns the cookie of the new session, or the reply that refuses it. */
  async signIn(request: HttpRequest, name: string, password: string): Promise<{ cookie: string } | HttpReply> {
    const { accounts, clock, hasher } = this.#ports;
    const waitMs = this.#limit.begin(request.address, clock.monotonicNow());
    if (waitMs > 0) {
      const seconds = String(Math.ceil(waitMs / 1_000));
      return consoleError(429, `Too many attempts; wait ${seconds} seconds`, { "retry-after": seconds });
    }
    if (this.#checks >= maxChecks) {
      this.#limit.takeBack(request.address);
      return consoleError(503, "Too many people sign in at this moment; try again", { "retry-after": "1" });
    }
    const account = accounts.find((one) => one.name === name);
    this.#checks += 1;
    const matches = await hasher.matches(password, account?.passwordHash ?? unknownOperatorHash);
    this.#checks -= 1;
    if (account === undefined || !matches) return consoleError(401, "Name or password is wrong");
    this.#limit.takeBack(request.address);
    return { cookie: sessionCookie(this.#sessions.begin(account, clock.monotonicNow()), request.secure) };
  }

  /** Begins the session of an operator whom a provider has checked, and returns its cookie. */
  beginSignedOn(request: HttpRequest, operator: OperatorIdentity, endUrl: string | undefined): string {
    const secret = this.#sessions.begin(operator, this.#ports.clock.monotonicNow(), { endUrl });
    return sessionCookie(secret, request.secure);
  }

  /** Ends the session of a request. Returns the cookie that replaces its own. */
  signOut(request: HttpRequest): string {
    this.#sessions.end(cookieOf(request));
    return noCookie(request.secure);
  }

  /**
   * Makes an endpoint for operators only. Requests that change something must carry the session's token, and come from an
   * operator who may change things. A stream ends with its session.
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
      return andThen(endpoint({ ...call, operator }), (reply) => this.#withinSession(request, reply));
    };
  }

  /** Ends the stream of a reply when the session of its request has ended. An open stream counts as use of the session. */
  #withinSession(request: HttpRequest, reply: HttpReply): HttpReply {
    const { stream } = reply;
    if (stream === undefined) return reply;
    return {
      ...reply,
      stream: (open) => {
        const stopStream = stream(open);
        const stop = (): void => {
          stopChecks();
          stopStream();
        };
        const stopChecks = this.#ports.clock.every(streamCheckMs, () => {
          if (this.sessionOf(request) !== undefined) return;
          stop();
          open.end();
        });
        return stop;
      },
    };
  }
}
