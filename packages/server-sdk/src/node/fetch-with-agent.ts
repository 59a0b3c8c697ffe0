import type { Agent, IncomingMessage } from "node:http";

/** `fetch`, as far as this library uses it, over `node:http` or `node:https` with an agent of the application. */
export async function fetchWithAgent(agent: object, url: string, init: RequestInit): Promise<Response> {
  // Loaded here, so that a bundle of this library for another runtime has no import that it cannot resolve at start.
  const { request } = await (url.startsWith("https:") ? import("node:https") : import("node:http"));
  const answer = await send(request, agent as Agent, url, init);
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer as AsyncIterable<Uint8Array>) chunks.push(chunk);
  const status = answer.statusCode ?? 0;
  const body = status === 204 || status === 304 ? null : Buffer.concat(chunks);
  return new Response(body, { status, headers: headersOf(answer) });
}

function send(
  request: typeof import("node:http").request,
  agent: Agent,
  url: string,
  init: RequestInit,
): Promise<IncomingMessage> {
  const { method = "GET", headers, body, signal } = init;
  return new Promise((resolve, reject) => {
    const options = { agent, method, headers: headers as Record<string, string>, ...(signal && { signal }) };
    request(url, options, resolve)
      // An aborted request fails with a plain AbortError; why it was aborted is what callers want to know.
      .on("error", (error) => reject(signal?.aborted === true ? (signal.reason as Error) : error))
      .end(body ?? undefined);
  });
}

function headersOf(answer: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}
