import type { SignedOut } from "@sealcast/server/console";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { request, session } from "../api/request.ts";
import { streamState } from "../api/stream.ts";
import { later } from "../later/later.tsx";
import { unlockedKeyCount } from "../unlock/key-list.ts";
import { app, apps, chooseApp } from "./app-choice.ts";
import { Brand } from "./brand.tsx";
import { Icon } from "./icon.tsx";
import { nextTheme, theme } from "./theme.ts";

const UnlockDialog = later((parts) => parts.UnlockDialog);

/** What is above every page: the app, the state of the stream, and what concerns the operator. */
export function TopBar(): VNode {
  const [unlocking, setUnlocking] = useState(false);
  const unlocked = unlockedKeyCount();
  const operator = session.value?.operator;
  const hasAccounts = session.value?.signIn.password === true || session.value?.signIn.singleSignOn === true;
  return (
    <>
      <header class="top">
        <Brand />
        <AppChoice />
        <span class={`stream ${streamState.value}`} role="status">
          {streamState.value === "open" ? "Live" : "Connecting…"}
        </span>
        <button type="button" class={unlocked > 0 ? "unlocked" : ""} onClick={() => setUnlocking(true)}>
          <Icon name={unlocked > 0 ? "unlock" : "lock"} /> <span>{unlocked > 0 ? "Unlocked" : "Unlock"}</span>
        </button>
        <button
          type="button"
          class="quiet"
          onClick={nextTheme}
          aria-label={`Theme: ${theme.value}`}
          title={`Theme: ${theme.value}`}
        >
          <Icon name="sun" />
        </button>
        {hasAccounts && (
          <>
            <span class="operator" title={`${operator?.name}, ${operator?.role}`}>
              <span>{operator?.name}</span> <span class="hint">{operator?.role}</span>
            </span>
            <button type="button" class="quiet" onClick={() => void signOut()}>
              <Icon name="exit" /> <span>Sign out</span>
            </button>
          </>
        )}
      </header>
      {/* Not in the header, where its own header and footer would be landmarks. */}
      {unlocking && <UnlockDialog onClose={() => setUnlocking(false)} />}
    </>
  );
}

function AppChoice(): VNode | null {
  if (apps.value.length === 0) return null;
  return (
    <label class="app-choice">
      <span class="visually-hidden">App</span>
      <select value={app.value?.id} onChange={({ currentTarget }) => chooseApp(currentTarget.value)}>
        {apps.value.map(({ id }) => (
          <option key={id} value={id}>
            App {id}
          </option>
        ))}
      </select>
    </label>
  );
}

async function signOut(): Promise<void> {
  const answer = await request<SignedOut>("/logout", { method: "POST" });
  // A new page, so that no key and no log entry stays in memory.
  if (answer.ok && answer.value.endUrl !== undefined) location.assign(answer.value.endUrl);
  else location.reload();
}
