import type { BunAnswer, BunRoutes, BunServer } from "./bun-api.ts";

type Fetch = (request: Request, server: BunServer) => BunAnswer;

/** Paths up to this many segments are looked at; ours have at most eight, and a prefix. */
const maxSegments = 16;

/**
 * Returns routes that pass every request to `handle`, or to `refuse` if its path has dot segments or backslashes. Bun
 * resolves these in `Request.url`; only the parameters of a route show the path as it was sent.
 */
export function strictRoutes(handle: Fetch, refuse: Fetch): BunRoutes {
  const routes: Record<string, BunRoutes[string]> = { "/": handle };
  let pattern = "";
  for (let segment = 0; segment < maxSegments; segment += 1) {
    pattern += `/:s${segment}`;
    const strict: BunRoutes[string] = (request, server) =>
      Object.values(request.params).some(isRelative) ? refuse(request, server) : handle(request, server);
    routes[pattern] = strict;
    routes[`${pattern}/`] = strict;
  }
  return routes;
}

/** Whether a path that no route matched as it was sent would have matched one: then Bun has resolved dots in it. */
export function wasResolved(path: string): boolean {
  return !path.includes("//") && path.split("/").length <= maxSegments;
}

/** @param segment decoded. */
function isRelative(segment: string): boolean {
  return segment === "." || segment === ".." || segment.includes("\\");
}
