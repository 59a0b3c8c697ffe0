import type { VNode } from "preact";
import { CopyButton } from "../shell/copy-button.tsx";
import { Dialog } from "../shell/dialog.tsx";
import { shownCredentials } from "./shown-credentials.ts";

/** Where new credentials appear, the secret for the only time. */
export function NewCredentialsDialog(): VNode | null {
  if (shownCredentials.value === undefined) return null;
  const { title, credentials } = shownCredentials.value;
  const { id, key, secret } = credentials;
  return (
    <Dialog title={title} onClose={close}>
      <div class="stack">
        <p>
          Keep the secret on your servers. <strong>It is shown only now</strong>: no later answer of the server has it.
        </p>
        <dl class="credentials">
          {id !== undefined && <Credential name="App id" value={id} />}
          <Credential name="Key" value={key} />
          <Credential name="Secret" value={secret} />
        </dl>
        <footer>
          <button type="button" class="primary" onClick={close}>
            Done
          </button>
        </footer>
      </div>
    </Dialog>
  );
}

function close(): void {
  shownCredentials.value = undefined;
}

function Credential({ name, value }: { name: string; value: string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="mono">{value}</dd>
      <dd>
        <CopyButton text={value} label={`Copy ${name.toLowerCase()}`} />
      </dd>
    </div>
  );
}
