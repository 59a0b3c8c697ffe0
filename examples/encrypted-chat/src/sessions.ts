import { randomBytes } from "node:crypto";

/** One user in one tab. */
export interface Session {
  /** In the address of the tab's page; not a secret. */
  readonly tab: string;
  readonly name: string;
}

const longestName = 30;

/**
 * Users who logged in with a name. A session's cookie is valid below `/chat/{tab}/` alone, so that two tabs of one browser
 * can be two users.
 */
export class Sessions {
  readonly #byToken = new Map<string, Session>();

  /** Begins a session, or gives undefined where the name is empty or longer than 30 characters. */
  begin(name: string): { readonly session: Session; readonly cookie: string } | undefined {
    const trimmed = name.trim();
    if (trimmed === "" || trimmed.length > longestName) return undefined;
    const session = { tab: randomBytes(6).toString("hex"), name: trimmed };
    const token = randomBytes(24).toString("hex");
    this.#byToken.set(token, session);
    return { session, cookie: `session=${token}; Path=/chat/${session.tab}/; HttpOnly; SameSite=Strict` };
  }

  /** The session of a request to a tab's page, out of its `Cookie` header. */
  find(cookieHeader: string | null | undefined): Session | undefined {
    const token = /(?:^|; )session=([0-9a-f]{48})(?:;|$)/.exec(cookieHeader ?? "")?.[1];
    return token === undefined ? undefined : this.#byToken.get(token);
  }
}
