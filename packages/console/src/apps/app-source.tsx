import type { VNode } from "preact";
import { session } from "../api/request.ts";

/** Where apps come from, and what it takes to change their `part` in this page; nothing if it can be changed. */
export function AppSource({ part }: { readonly part: string }): VNode | null {
  const { appSource, appsAreEditable } = session.value?.server ?? {};
  if (appsAreEditable === true) return null;
  return (
    <p class="hint">
      These {part} come from {appSource}. Change them there; the server takes a changed file over at once. To change{" "}
      {part} in this page, keep the apps in a database: set <code>appDatabase</code>.
    </p>
  );
}
