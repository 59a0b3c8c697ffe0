import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../shell/dialog.tsx";
import { Problem } from "../shell/problem.tsx";
import { TextField } from "../shell/text-field.tsx";
import { unlockedKeyCount } from "./key-list.ts";
import { lock, unlock } from "./unlocked-keys.ts";

/** Asks for master keys, and opens encrypted events in this page from then on. */
export function UnlockDialog({ onClose }: { onClose: () => void }): VNode {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const found = unlock(text);
    setProblem(found);
    if (found === undefined) onClose();
  }

  return (
    <Dialog title="Unlock encrypted channels" onClose={onClose}>
      <form onSubmit={submit}>
        <p>
          Events on encrypted channels are opened <strong>in this page only</strong>. The keys stay in its memory, are
          never stored, and no request carries them. They are gone when you close or reload the page.
        </p>
        <TextField
          label="Master keys in base64, one per line, or a key ring in JSON"
          rows={3}
          required
          autocomplete="off"
          value={text}
          onInput={setText}
        />
        <Problem text={problem} />
        <footer>
          {unlockedKeyCount() > 0 && (
            <button
              type="button"
              onClick={() => {
                lock();
                onClose();
              }}
            >
              Lock again
            </button>
          )}
          <button type="submit" class="primary">
            Unlock in this page
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
