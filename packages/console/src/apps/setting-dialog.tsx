import type { AppSetting } from "@sealcast/server/console";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { request } from "../api/request.ts";
import { appPath } from "../shell/app-choice.ts";
import { Dialog } from "../shell/dialog.tsx";
import { TextField } from "../shell/text-field.tsx";
import { showToast } from "../shell/toast.tsx";
import { Problem } from "../shell/problem.tsx";

interface SettingDialogProps {
  readonly setting: AppSetting;
  readonly onChange: () => void;
  readonly onClose: () => void;
}

/** Changes a number or a list. */
export function SettingDialog({ setting, onChange, onClose }: SettingDialogProps): VNode {
  const { expected, name, value } = setting;
  const isNumber = /^\d+$/.test(value);
  const [text, setText] = useState(isNumber ? value : JSON.stringify(JSON.parse(value), undefined, 2));
  const [problem, setProblem] = useState<string>();

  /** @param next null: the default. */
  async function save(next: unknown): Promise<void> {
    const answer = await request(appPath(""), { method: "PATCH", body: { [name]: next } });
    if (!answer.ok) return setProblem(answer.message);
    showToast(`${name} was changed`);
    onChange();
    onClose();
  }

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const next = parsed(text);
    if (next === undefined) return setProblem("Expected JSON, got other text");
    await save(next.value);
  }

  return (
    <Dialog title={`Change ${name}`} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <TextField
          label={name}
          required
          {...(isNumber ? { inputMode: "numeric" } : { rows: 8 })}
          value={text}
          onInput={setText}
        />
        <p class="hint">Expected: {expected}</p>
        <Problem text={problem} />
        <footer>
          <button type="button" onClick={() => void save(null)}>
            Use the default
          </button>
          <button type="submit" class="primary">
            Save
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
