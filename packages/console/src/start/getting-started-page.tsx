import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { request } from "../api/request.ts";
import { app, appPath } from "../shell/app-choice.ts";
import { CopyButton } from "../shell/copy-button.tsx";
import { isAdmin } from "../shell/permissions.ts";
import { linkTo } from "../shell/route.ts";
import { Tabs } from "../shell/tabs.tsx";
import { showToast } from "../shell/toast.tsx";
import { clientSnippets, serverSnippets, type Snippet, type SnippetValues } from "./snippets.ts";

/** Programs for the operator's own stack, with host and key filled in. */
export function GettingStartedPage(): VNode {
  const { protocol, hostname, port } = location;
  const secure = protocol === "https:";
  const values: SnippetValues = {
    appId: app.value?.id ?? "",
    key: app.value?.key ?? "",
    host: hostname,
    port: port === "" ? (secure ? "443" : "80") : port,
    secure,
  };
  return (
    <>
      <h1>Getting started</h1>
      <section class="step">
        <h2>1. Subscribe in a page</h2>
        <Snippets name="Client library" snippets={clientSnippets} values={values} />
      </section>
      <section class="step">
        <h2>2. Publish from your backend</h2>
        <Snippets name="Server library" snippets={serverSnippets} values={values} />
        <p class="hint">The secret of the app is not shown here: no answer of the server has it.</p>
      </section>
      <section class="step">
        <h2>3. Watch it arrive</h2>
        <p>
          Every connection, subscription and event appears in the <a href={linkTo("log")}>live log</a>.
        </p>
        {isAdmin() && (
          <button type="button" class="primary" onClick={() => void sendFirstEvent()}>
            Send my-event to my-channel
          </button>
        )}
      </section>
    </>
  );
}

async function sendFirstEvent(): Promise<void> {
  const body = { channel: "my-channel", event: "my-event", data: '{"message":"Hello from the console"}' };
  const answer = await request(appPath("/events"), { method: "POST", body });
  showToast(answer.ok ? "Event sent successfully" : answer.message, !answer.ok);
}

interface SnippetsProps {
  readonly name: string;
  readonly snippets: readonly Snippet[];
  readonly values: SnippetValues;
}

function Snippets({ name, snippets, values }: SnippetsProps): VNode {
  const [chosen, setChosen] = useState(snippets[0]?.id ?? "");
  const code = snippets.find(({ id }) => id === chosen)?.code(values) ?? "";
  return (
    <div class="snippets">
      <div class="tools">
        <Tabs name={name} tabs={snippets} chosen={chosen} onChoose={setChosen} />
        <CopyButton text={code} />
      </div>
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
    </div>
  );
}
