import type { AppDetail } from "@sealcast/server/console";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { session } from "../api/request.ts";
import { useFetched } from "../api/use-fetched.ts";
import { app, appPath, apps, chooseApp, loadApps } from "../shell/app-choice.ts";
import { countText } from "../shell/number-text.ts";
import { linkTo } from "../shell/route.ts";
import { Table } from "../shell/table.tsx";
import { AppEnding } from "./app-ending.tsx";
import { AppKeys } from "./app-keys.tsx";
import { AppSettings } from "./app-settings.tsx";
import { AppUsage } from "./app-usage.tsx";
import { CreateApp } from "./create-app.tsx";
import { mayChangeApps, mayCreateApps } from "./may-change-apps.ts";

/** The apps of the operator, and everything about the chosen one except its secrets. */
export function AppsPage(): VNode {
  const [answer, fetchNow] = useFetched<AppDetail>(appPath(""), 5_000);
  const [creating, setCreating] = useState(false);
  useEffect(() => {
    const timer = setInterval(() => void loadApps(), 5_000);
    return () => clearInterval(timer);
  }, []);
  const changed = (): void => {
    fetchNow();
    void loadApps();
  };
  return (
    <>
      <header class="page-head">
        <h1>Apps</h1>
        {mayCreateApps() && (
          <button type="button" class="primary" onClick={() => setCreating(true)}>
            Create app
          </button>
        )}
      </header>
      <Source />
      <Table label="Apps" head={["App", "Key", "State", { number: "Connections" }]}>
        {apps.value.map(({ id, key, enabled, connections }) => (
          <tr key={id} class={id === app.value?.id ? "selected" : ""}>
            <td class="nowrap">
              <button type="button" class="link mono" onClick={() => chooseApp(id)}>
                {id}
              </button>
            </td>
            <td class="mono">{key}</td>
            <td>
              <span class={enabled ? "badge good" : "badge bad"}>{enabled ? "Enabled" : "Disabled"}</span>
            </td>
            <td class="number">{countText(connections)}</td>
          </tr>
        ))}
      </Table>
      {answer?.ok === false && <p class="problem">{answer.message}</p>}
      {answer?.ok === true && <Detail detail={answer.value} onChange={changed} />}
      {creating && <CreateApp onClose={() => setCreating(false)} />}
    </>
  );
}

/** Where the apps come from, and what it takes to change them here. */
function Source(): VNode | null {
  const { appSource, appsAreEditable } = session.value?.server ?? {};
  if (appsAreEditable === true) return null;
  return (
    <p class="hint">
      These apps come from {appSource}. Change them there; the server takes a changed file over at once. To create and
      change apps in this page, keep them in a database: set <code>appDatabase</code>.
    </p>
  );
}

function Detail({ detail, onChange }: { detail: AppDetail; onChange: () => void }): VNode {
  const mayChange = mayChangeApps();
  return (
    <section class="app-detail" aria-label={`App ${detail.id}`}>
      <header class="page-head">
        <h2>
          App <span class="mono">{detail.id}</span>
        </h2>
        <a href={linkTo("webhooks")}>Webhooks</a>
      </header>
      <AppKeys detail={detail} mayChange={mayChange} onChange={onChange} />
      <AppSettings detail={detail} mayChange={mayChange} onChange={onChange} />
      {session.value?.server.appsAreEditable === true && <AppUsage />}
      {mayChange && <AppEnding detail={detail} onChange={onChange} />}
    </section>
  );
}
