import type { AppToCreate, NewCredentials } from "@sealcast/server/console";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { request } from "../api/request.ts";
import { chooseApp, loadApps } from "../shell/app-choice.ts";
import { Dialog } from "../shell/dialog.tsx";
import { showCredentials } from "./shown-credentials.ts";
import { Problem } from "../shell/problem.tsx";
import { TextField } from "../shell/text-field.tsx";
import { toggled } from "../shell/toggled.ts";

/** Features that are off by default and that many apps need. */
const features = [
  {
    name: "clientEvents",
    label: "Client events",
    doc: "Subscribers of private and presence channels may send events.",
  },
  { name: "subscriptionCount", label: "Subscription counts", doc: "Clients learn how many are subscribed." },
  { name: "watchlistEvents", label: "Watchlist events", doc: "Signed-in users learn who else is online." },
] as const;

/** A form that creates an app, then shows its credentials. */
export function CreateApp({ onClose }: { onClose: () => void }): VNode {
  const [id, setId] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState<string>();

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const settings = Object.fromEntries([...chosen].map((name) => [name, true]));
    const body: AppToCreate = { ...(id === "" ? {} : { id }), settings };
    const answer = await request<NewCredentials>("/apps", { method: "POST", body });
    if (!answer.ok) return setProblem(answer.message);
    onClose();
    showCredentials("A new app", answer.value);
    await loadApps();
    chooseApp(answer.value.id ?? "");
  }

  return (
    <Dialog title="Create an app" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <p>The server makes a key and a secret. All other settings can be changed later.</p>
        <TextField label="Id" placeholder="chosen by the server" value={id} onInput={setId} />
        <p class="hint">Use digits: the official Python library accepts nothing else.</p>
        <fieldset class="features">
          <legend>Features</legend>
          {features.map(({ name, label, doc }) => (
            <label key={name} class="feature">
              <input type="checkbox" checked={chosen.has(name)} onChange={() => setChosen(toggled(chosen, name))} />
              <span>
                {label}
                <span class="hint">{doc}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <Problem text={problem} />
        <footer>
          <button type="submit" class="primary">
            Create app
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
