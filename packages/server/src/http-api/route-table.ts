import type { Route } from "./routes.ts";

/** The routes of one path, one for each method. */
export interface RoutesOfPath {
  readonly routes: readonly Route[];
  /** What the wildcards of the path stand for, still percent-encoded. */
  readonly wildcards: readonly string[];
}

interface Pattern {
  readonly path: string;
  readonly matches: RegExp;
  readonly routes: Route[];
}

/** Finds the route of a request. */
export class RouteTable {
  readonly #patterns: readonly Pattern[];
  readonly #fast: readonly RegExp[];
  readonly #firstParts: ReadonlySet<string>;
  /** The last path that was found: most requests are publishes of one app. */
  #last: { readonly path: string; readonly found: RoutesOfPath } | undefined;
  /** The last path that was found to be one of the fast path. */
  #lastFastPath: string | undefined;

  /** @param routes in any order; no two with the same method may fit the same path. */
  constructor(routes: readonly Route[]) {
    const patterns = new Map<string, Pattern>();
    for (const route of routes) {
      const pattern = patterns.get(route.path);
      if (pattern === undefined) {
        patterns.set(route.path, { path: route.path, matches: toRegExp(route), routes: [route] });
      } else pattern.routes.push(route);
    }
    // Routes of apps are found below any prefix, so that paths which others have spelled out come first.
    this.#patterns = [...patterns.values()].toSorted((a, b) => Number(isOfApp(a)) - Number(isOfApp(b)));
    this.#firstParts = new Set(routes.map(({ path }) => firstPartOf(path)).filter((part) => part !== ""));
    this.#fast = this.#patterns.filter(({ routes: [first] }) => first?.access === "app" && first.fast).map(toMatcher);
  }

  /** Returns the routes whose path fits, whatever their method. */
  find(path: string): RoutesOfPath | undefined {
    if (this.#last?.path === path) return this.#last.found;
    for (const { matches, routes } of this.#patterns) {
      const match = matches.exec(path);
      if (match === null) continue;
      const found = { routes, wildcards: match.slice(1) };
      this.#last = { path, found };
      return found;
    }
    return undefined;
  }

  /** Whether the path is below the first part of a route's path, such as `/apps/`; the front page is not. */
  isBelowRoute(path: string): boolean {
    return this.#firstParts.has(firstPartOf(path));
  }

  /** Whether the path belongs to a route that the transport may read on a fast path. */
  isFastPath(path: string): boolean {
    if (this.#lastFastPath === path) return true;
    const isFast = this.#isFast(path);
    if (isFast) this.#lastFastPath = path;
    return isFast;
  }

  #isFast(path: string): boolean {
    if (!this.#fast.some((matches) => matches.test(path))) return false;
    return path.startsWith("/apps/") || this.find(path)?.routes[0]?.access === "app";
  }
}

function firstPartOf(path: string): string {
  return path.split("/", 2)[1] ?? "";
}

function isOfApp({ routes: [first] }: Pattern): boolean {
  return first?.access === "app";
}

function toMatcher({ matches }: Pattern): RegExp {
  return matches;
}

/**
 * Only routes of apps are found below a prefix: their requests are signed, while proxies may guard other paths as they are
 * written.
 */
function toRegExp({ access, path }: Route): RegExp {
  const prefix = access === "app" ? String.raw`(?:/.*)?` : "";
  const source = path.split("/").map((segment) => {
    if (segment === "*") return "([^/]+)";
    if (segment === "**") return "(.+)";
    return segment.replaceAll(/[.+?^$(){}|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${prefix}${source.join("/")}$`);
}
