import { render } from "preact";
import { loadSession } from "./api/request.ts";
import { loadLaterParts } from "./later/later.tsx";
import { App } from "./shell/app.tsx";
import { loadApps } from "./shell/app-choice.ts";

/** When the rest is loaded, in milliseconds after the start: when a slow phone has shown the first page. */
const laterMs = 1_500;

const root = document.querySelector("#root");
if (root !== null) {
  // Both at once, because most operators are signed in; others get the list when they have signed in.
  await Promise.all([loadSession(), loadApps()]);
  root.replaceChildren();
  render(<App />, root);
  setTimeout(() => void loadLaterParts(), laterMs);
}
