import { signal } from "@preact/signals";
import type { NewCredentials } from "@sealcast/server/console";

/** Outside of all pages: what is shown must stay when the page changes to a new app. */
export const shownCredentials = signal<{ readonly title: string; readonly credentials: NewCredentials } | undefined>(
  undefined,
);

/** Shows new credentials until the operator closes the dialog. */
export function showCredentials(title: string, credentials: NewCredentials): void {
  shownCredentials.value = { title, credentials };
}
