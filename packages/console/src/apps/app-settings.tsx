import type { AppSetting } from "@sealcast/server/console";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { request } from "../api/request.ts";
import { appPath } from "../shell/app-choice.ts";
import { countText } from "../shell/number-text.ts";
import { showToast } from "../shell/toast.tsx";
import type { AppPartProps } from "./app-part.ts";
import { SettingDialog } from "./setting-dialog.tsx";

/** The switches and limits of an app, those that differ from the default first. */
export function AppSettings({ detail, mayChange, onChange }: AppPartProps): VNode {
  const [editing, setEditing] = useState<AppSetting>();
  const changed = detail.settings.filter(({ isDefault }) => !isDefault);
  const defaults = detail.settings.filter(({ isDefault }) => isDefault);
  const onToggle = async ({ name, value }: AppSetting): Promise<void> => {
    const answer = await request(appPath(""), { method: "PATCH", body: { [name]: value !== "true" } });
    showToast(answer.ok ? `${name} is ${value === "true" ? "off" : "on"}` : answer.message, !answer.ok);
    onChange();
  };
  const rows = (settings: readonly AppSetting[]): VNode => (
    <Settings rows={settings} mayChange={mayChange} onToggle={(row) => void onToggle(row)} onEdit={setEditing} />
  );
  return (
    <section class="step wide-step">
      <h3>Settings that differ from the default</h3>
      {changed.length === 0 ? <p class="hint">None: the app has the default settings.</p> : rows(changed)}
      <details class="more" open={mayChange}>
        <summary>
          {changed.length === 0 ? "All" : "The other"} {countText(defaults.length)} settings
        </summary>
        {rows(defaults)}
      </details>
      {editing !== undefined && (
        <SettingDialog setting={editing} onChange={onChange} onClose={() => setEditing(undefined)} />
      )}
    </section>
  );
}

interface SettingsProps {
  readonly rows: readonly AppSetting[];
  readonly mayChange: boolean;
  readonly onToggle: (setting: AppSetting) => void;
  readonly onEdit: (setting: AppSetting) => void;
}

function Settings({ rows, mayChange, onToggle, onEdit }: SettingsProps): VNode {
  return (
    <dl class="settings">
      {rows.map((setting) => {
        const { name, value, doc } = setting;
        const isSwitch = value === "true" || value === "false";
        return (
          <div key={name}>
            <dt>
              <span class="mono">{name}</span>
              <Doc markdown={doc} />
            </dt>
            <dd>
              {isSwitch ? (
                <input
                  type="checkbox"
                  role="switch"
                  class="switch"
                  aria-label={name}
                  checked={value === "true"}
                  disabled={!mayChange}
                  onChange={() => onToggle(setting)}
                />
              ) : (
                <>
                  <span class="mono">{valueText(value)}</span>
                  {mayChange && (
                    <button type="button" class="small" onClick={() => onEdit(setting)}>
                      Change<span class="visually-hidden"> {name}</span>
                    </button>
                  )}
                </>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** A value as people write it. */
function valueText(value: string): string {
  if (value === "[]") return "none";
  return /^\d+$/.test(value) ? countText(Number(value)) : value;
}

/** Markdown of a documentation: code as code, and links as their text. */
function Doc({ markdown }: { readonly markdown: string }): VNode {
  const parts = markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").split("`");
  return (
    <span class="hint">{parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</span>
  );
}
