import { signal } from "@preact/signals";
import type { NewCredentials } from "@sealcast/server/console";
import type { VNode } from "preact";
import { CopyButton } from "../shell/copy-button.tsx";
import { Dialog } from "../shell/dialog.tsx";

interface Shown {
  readonly title: string;
  readonly credentials: NewCredentials;
}

/** Outside of all pages: what is shown must stay when the page changes to a new app. */
const shown = signal<Shown | undefined>(undefined);

/** Shows new credentials until the operator closes the dialog. */
export function showCredentials(title: string, credentials: NewCredentials): void {
  shown.value = { title, credentials };
}

/** Where new credentials appear, the secret for the only time. */
export function NewCredentialsDialog(): VNode | null {
  if (shown.value === undefined) return null;
  const { title, credentials } = shown.value;
  const { id, key, secret } = credentials;
  const close = (): void => void (shown.value = undefined);
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
