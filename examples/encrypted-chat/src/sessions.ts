import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** One user in one tab. */
export interface Session {
  /** Part of the address of the tab's page, and the user's id; not a secret. */
  readonly tab: string;
  readonly name: string;
}

const longestName = 30;

/**
 * Users who logged in with a name. A session is a signed cookie, so that it outlasts a restart of this process. The cookie
 * is valid only below `/chat/{tab}/`, so that two tabs of one browser can be two users.
 */
export class Sessions {
  readonly #secret: string;

  /** @param secret signs the cookies; sessions end when it changes. */
  constructor(secret: string) {
    this.#secret = secret;
  }

  /** Begins a session; returns undefined if the name is empty or longer than 30 characters. */
  begin(name: string): { readonly session: Session; readonly cookie: string } | undefined {
    const trimmed = name.trim();
    if (trimmed === "" || trimmed.length > longestName) return undefined;
    const session = { tab: randomBytes(6).toString("hex"), name: trimmed };
    const content = Buffer.from(JSON.stringify(session)).toString("base64url");
    const token = `${content}.${this.#signatureOf(content).toString("base64url")}`;
    return { session, cookie: `session=${token}; Path=/chat/${session.tab}/; HttpOnly; SameSite=Strict` };
  }

  /** Returns the session of a request to a tab's page, read from its `Cookie` header. */
  find(cookieHeader: string | null | undefined): Session | undefined {
    const [, content, signature] = /(?:^|; )session=([\w-]+)\.([\w-]+)(?:;|$)/.exec(cookieHeader ?? "") ?? [];
    if (content === undefined || signature === undefined) return undefined;
    const found = Buffer.from(signature, "base64url");
    const expected = this.#signatureOf(content);
    if (found.length !== expected.length || !timingSafeEqual(found, expected)) return undefined;
    return JSON.parse(Buffer.from(content, "base64url").toString()) as Session;
  }

  #signatureOf(content: string): Buffer {
    return createHmac("sha256", this.#secret).update(`chat-session:${content}`).digest();
  }
}
