/** Baseline for the publish path, run by Bun: its HTTP server that checks a signed publish, and nothing else. */
import { isGenuine } from "./genuine.ts";

/** The part of Bun's API that is used here; `bun-types` would clash with Node's. */
declare const Bun: {
  serve(options: { port: number; hostname: string; fetch(request: Request): Promise<Response> }): unknown;
};

Bun.serve({
  port: Number(process.argv[2]),
  hostname: "127.0.0.1",
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    return new Response("{}", { status: isGenuine(request.method, pathname + search, body) ? 200 : 401 });
  },
});
