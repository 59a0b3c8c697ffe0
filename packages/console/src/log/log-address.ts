import { effect } from "@preact/signals";
import { entryTypes, type EntryType } from "@sealcast/server/console";
import { app, apps, chooseApp } from "../shell/app-choice.ts";
import { keepParameters, route } from "../shell/route.ts";
import { filterText, shownTypes } from "./live-log.ts";

/**
 * Takes app, filter and types of the log from the address, now and whenever somebody opens another one, so that a link shows
 * the same log everywhere. Ends when the returned function is called.
 */
export function followAddress(): () => void {
  return effect(() => {
    const { page, parameters } = route.value;
    if (page !== "log") return;
    const [id, filter, types] = ["app", "filter", "types"].map((name) => parameters.get(name) ?? undefined);
    if (id !== undefined) chooseApp(id);
    if (filter !== undefined) filterText.value = filter;
    if (types !== undefined) shownTypes.value = new Set(types.split(",").filter(isEntryType));
  });
}

/** Writes app, filter and types of the log into the address; without the app if there is only one. */
export function keepInAddress(): void {
  const types = [...shownTypes.peek()];
  keepParameters({
    ...(apps.peek().length === 1 ? {} : { app: app.peek()?.id ?? "" }),
    ...(filterText.peek() === "" ? {} : { filter: filterText.peek() }),
    ...(types.length === entryTypes.length ? {} : { types: types.join(",") }),
  });
}

function isEntryType(type: string): type is EntryType {
  return entryTypes.some((known) => known === type);
}
