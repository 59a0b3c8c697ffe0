import { signal } from "@preact/signals";

/** The page's address after `#`: the name of a page, then its own parameters. */
interface Route {
  readonly page: string;
  readonly parameters: URLSearchParams;
}

/** What the address bar shows. */
export const route = signal<Route>(readRoute());

/** The address of a page, for links. */
export function linkTo(page: string, parameters: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(parameters).toString();
  return `#/${page}${query === "" ? "" : `?${query}`}`;
}

/** Replaces the parameters of the current page, so that a copied link keeps them. */
export function keepParameters(parameters: Readonly<Record<string, string>>): void {
  history.replaceState(undefined, "", linkTo(route.peek().page, parameters));
}

function readRoute(): Route {
  const [page = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { page, parameters: new URLSearchParams(query) };
}

addEventListener("hashchange", () => (route.value = readRoute()));
