import { adminRoutes } from "@sealcast/server";

/** A token that the settings accept. */
export const adminToken = "a-token-of-thirty-two-characters";

/** Calls the admin API of a server. */
export class AdminClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Sends a request with the token; again a little later if there were too many in this second. */
  async ask(method: string, path: string, body?: unknown): Promise<Response> {
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const headers = { authorization: `Bearer ${adminToken}` };
    for (;;) {
      const response = await fetch(this.#url + path, {
        method,
        headers,
        ...(text === undefined ? {} : { body: text }),
      });
      if (response.status !== 429) return response;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Calls a documented route, checks the answer against its description and returns it. */
  async call<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const [pathname = ""] = path.split("?");
    const route = adminRoutes.find((row) => row.method === method && matcherOf(row.path).test(pathname));
    const response = await this.ask(method, path, body);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return route?.answer.parse(JSON.parse(text)) as T;
  }
}

function matcherOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
}
