import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { AppDetail, AppSetting } from "@sealcast/server/console";
import { useFetched } from "../api/use-fetched.ts";
import { app, appPath, apps, chooseApp, loadApps } from "../shell/app-choice.ts";
import { countText } from "../shell/number-text.ts";
import { linkTo } from "../shell/route.ts";
import { Table } from "../shell/table.tsx";

/** The apps of the operator, and everything about the chosen one except its secrets. */
export function AppsPage(): VNode {
  const [answer] = useFetched<AppDetail>(appPath(""), 10_000);
  useEffect(() => {
    const timer = setInterval(() => void loadApps(), 5_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <>
      <h1>Apps</h1>
      <Table label="Apps" head={["App", "Key", "State", { number: "Connections" }]}>
        {apps.value.map(({ id, key, enabled, connections }) => (
          <tr key={id} class={id === app.value?.id ? "selected" : ""}>
            <td>
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
      {answer?.ok === true && <Detail detail={answer.value} />}
    </>
  );
}

function Detail({ detail }: { detail: AppDetail }): VNode {
  const changed = detail.settings.filter(({ isDefault }) => !isDefault);
  const defaults = detail.settings.filter(({ isDefault }) => isDefault);
  return (
    <section class="step wide-step" aria-label={`App ${detail.id}`}>
      <h2>App {detail.id}</h2>
      <p class="hint">
        Defined in {detail.source}. Secrets are not shown. <a href={linkTo("webhooks")}>Webhooks</a>
      </p>
      <h3>Keys, oldest first</h3>
      <ul class="plain mono">
        {detail.keys.map((key) => (
          <li key={key}>{key}</li>
        ))}
      </ul>
      <p class="hint">
        {detail.keys.length > 1
          ? "All of them are accepted. Remove the oldest when no backend and no client uses it."
          : "To rotate: add a second key with its secret, move backends and clients to it, then remove the first."}
      </p>
      <h3>Settings that differ from the default</h3>
      {changed.length === 0 ? <p class="hint">None</p> : <Settings rows={changed} />}
      <details>
        <summary>The other {countText(defaults.length)} settings</summary>
        <Settings rows={defaults} />
      </details>
    </section>
  );
}

function Settings({ rows }: { rows: readonly AppSetting[] }): VNode {
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label="Settings">
      <table>
        <tbody>
          {rows.map(({ name, value, doc }) => (
            <tr key={name}>
              <th scope="row" class="mono">
                {name}
              </th>
              <td class="mono">{value}</td>
              <td class="wide hint">{plain(doc)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Markdown without its marks: code and links become their text. */
function plain(markdown: string): string {
  return markdown.replaceAll("`", "").replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
}
