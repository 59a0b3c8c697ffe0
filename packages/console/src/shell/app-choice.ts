import { computed, signal } from "@preact/signals";
import type { AppSummary } from "@sealcast/server/console";
import { request } from "../api/request.ts";

/** The apps that the operator may see. */
export const apps = signal<readonly AppSummary[]>([]);
/** Whether the server has said which these are. */
export const appsAreLoaded = signal(false);

const chosenId = signal(sessionStorage.getItem("app") ?? "");

/** The app that the page shows: the chosen one, otherwise the first. */
export const app = computed(() => apps.value.find(({ id }) => id === chosenId.value) ?? apps.value[0]);

/** Shows another app. */
export function chooseApp(id: string): void {
  chosenId.value = id;
  sessionStorage.setItem("app", id);
}

/** Fetches the list of apps. */
export async function loadApps(): Promise<void> {
  const answer = await request<readonly AppSummary[]>("/apps");
  if (!answer.ok) return;
  apps.value = answer.value;
  appsAreLoaded.value = true;
}

/** The path of an app in the console's API. */
export function appPath(rest: string): string {
  return `/apps/${encodeURIComponent(app.value?.id ?? "")}${rest}`;
}
