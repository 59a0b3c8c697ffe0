import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "./dialog.tsx";
import { TextField } from "./text-field.tsx";

interface ConfirmDialogProps {
  readonly title: string;
  /** What will happen. */
  readonly children: ComponentChildren;
  /** Text of the button that does it. */
  readonly action: string;
  /** Text that must be typed first; undefined: none. */
  readonly typed?: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog({ title, children, action, typed, onConfirm, onClose }: ConfirmDialogProps): VNode {
  const [text, setText] = useState("");

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    onConfirm();
    onClose();
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{children}</p>
        {typed !== undefined && (
          <TextField label={`Type ${typed} to confirm`} autocomplete="off" value={text} onInput={setText} />
        )}
        <footer>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="danger" disabled={typed !== undefined && text !== typed}>
            {action}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
