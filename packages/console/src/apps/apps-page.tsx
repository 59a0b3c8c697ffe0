import type { AppDetail, AppSummary } from "@sealcast/server/console";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { failureOf, session } from "../api/request.ts";
import { useFetched } from "../api/use-fetched.ts";
import { app, appPath, apps, chooseApp, loadApps } from "../shell/app-choice.ts";
import { countText } from "../shell/number-text.ts";
import { mayChangeApps, mayCreateApps } from "../shell/permissions.ts";
import { Problem } from "../shell/problem.tsx";
import { linkTo } from "../shell/route.ts";
import { Table, type Column } from "../shell/table.tsx";
import { AppEnding } from "./app-ending.tsx";
import { AppKeys } from "./app-keys.tsx";
import { AppSource } from "./app-source.tsx";
import { AppSettings } from "./app-settings.tsx";
import { AppUsage } from "./app-usage.tsx";
import { CreateApp } from "./create-app.tsx";

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
      <AppSource part="apps" />
      <Table
        label="Apps"
        columns={columns}
        rows={apps.value}
        keyOf={({ id }) => id}
        isSelected={({ id }) => id === app.value?.id}
      />
      <Problem text={failureOf(answer)} />
      {answer?.ok === true && <Detail detail={answer.value} onChange={changed} />}
      {creating && <CreateApp onClose={() => setCreating(false)} />}
    </>
  );
}

const columns: readonly Column<AppSummary>[] = [
  {
    title: "App",
    look: "nowrap",
    cell: ({ id }) => (
      <button type="button" class="link mono" onClick={() => chooseApp(id)}>
        {id}
      </button>
    ),
  },
  { title: "Key", look: "mono", cell: ({ key }) => key },
  {
    title: "State",
    cell: ({ enabled }) => <span class={enabled ? "badge good" : "badge bad"}>{enabled ? "Enabled" : "Disabled"}</span>,
  },
  { title: "Connections", look: "number", cell: ({ connections }) => countText(connections) },
];

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
