import type { OpenEndpoint } from "../endpoint.ts";

/** What the front page says about the server. */
export interface FrontPageFacts {
  readonly version: string;
  /** Whether there is a console to link to. */
  readonly hasConsole: boolean;
}

const headers = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'",
  "x-content-type-options": "nosniff",
} as const;

/** Creates `GET /`: a short page for people who open the server's address in a browser. */
export function createFrontPage({ version, hasConsole }: FrontPageFacts): OpenEndpoint {
  const console = hasConsole ? '\n<li><a href="/console">Console</a>' : "";
  const body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Sealcast</title>
<h1>Sealcast ${version}</h1>
<p>This is a realtime server for clients of the Pusher Channels protocol.
Clients connect to <code>/app/{key}</code>; backends send requests to <code>/apps/{id}/…</code>.
<ul>
<li>Health: <a href="/health/live">live</a>, <a href="/health/ready">ready</a>${console}
</ul>
`;
  return () => ({ status: 200, headers, body });
}
