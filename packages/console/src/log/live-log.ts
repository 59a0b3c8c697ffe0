import { computed, effect, signal } from "@preact/signals";
import { entryTypes, type EntryType, type LogEntry } from "@sealcast/server/console";
import { openStream } from "../api/stream.ts";
import { withFigures, type FiguresByNode } from "../metrics/recent-figures.ts";
import { app } from "../shell/app-choice.ts";
import { EntryBuffer } from "./entry-buffer.ts";
import { parseFilter } from "./entry-filter.ts";
import { EntryPace } from "./entry-pace.ts";
import { RepeatedEntries } from "./repeated-entries.ts";

/** How many entries the page keeps. */
const keptEntries = 10_000;
/** How often waiting entries are shown, in milliseconds. */
const roundMs = 100;

const buffer = new EntryBuffer(keptEntries);
const pace = new EntryPace(5_000);
/** A stream begins with up to 500 entries that came before. */
const repeated = new RepeatedEntries(1_000);
/** Increases whenever the buffer changes. */
const version = signal(0);

/** What the operator has typed as filter. */
export const filterText = signal("");
/** Kinds of entries that the server sends. */
export const shownTypes = signal<ReadonlySet<EntryType>>(new Set(entryTypes));
/** Whether new entries wait instead of being shown. */
export const paused = signal(false);
/** Most entries shown per second. */
export const entriesPerSecond = signal(1_000);
/** Entries that wait until they are shown. */
export const waiting = signal(0);
/** Entries that were left out, by the page or by the server. */
export const leftOut = signal(0);
/** The figures that came since the page was opened. */
export const figures = signal<FiguresByNode>(new Map());

/** The entries that match the filter, oldest first. */
export const matchingEntries = computed<readonly LogEntry[]>(() => {
  void version.value;
  // A copy, because the buffer changes its list in place.
  return [...buffer.matching];
});

/** All entries of the page, oldest first. */
export function allEntries(): readonly LogEntry[] {
  return buffer.entries;
}

/** Removes all entries. */
export function clearLog(): void {
  buffer.clear();
  pace.clear();
  leftOut.value = 0;
  version.value = version.peek() + 1;
}

/** Follows the chosen app until the returned function is called. */
export function followApp(): () => void {
  const stopFilter = effect(() => {
    buffer.filter(parseFilter(filterText.value));
    version.value = version.peek() + 1;
  });
  const appId = computed(() => app.value?.id);
  const stopStream = effect(() => {
    const id = appId.value;
    const types = [...shownTypes.value];
    if (id === undefined) return undefined;
    return openStream(id, types, {
      entries: (entries) => pace.add(repeated.withoutRepeated(entries)),
      dropped: ({ count }) => pace.addLeftOut(count),
      figures: (added) => (figures.value = withFigures(figures.value, added)),
    });
  });
  const stopClearing = effect(() => {
    if (appId.value === undefined) return;
    clearLog();
    repeated.clear();
  });
  const timer = setInterval(showWaiting, roundMs);
  return () => {
    clearInterval(timer);
    stopStream();
    stopFilter();
    stopClearing();
  };
}

function showWaiting(): void {
  const most = paused.value ? 0 : Math.max(1, Math.round((entriesPerSecond.value * roundMs) / 1_000));
  const next = pace.take(most);
  leftOut.value = pace.leftOut;
  waiting.value = pace.waiting;
  if (next.length === 0) return;
  buffer.append(next);
  version.value = version.peek() + 1;
}
