import type { SignedOut } from "@sealcast/server/console";
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { request, session } from "../api/request.ts";
import { streamState } from "../api/stream.ts";
import { followApp } from "../log/live-log.ts";
import { followAddress } from "../log/log-address.ts";
import { later } from "../later/later.tsx";
import { unlockedKeyCount } from "../unlock/key-list.ts";
import { shownCredentials } from "../apps/shown-credentials.ts";
import { app, apps, appsAreLoaded, chooseApp } from "./app-choice.ts";
import { Icon } from "./icon.tsx";
import { pages } from "./pages.ts";
import { linkTo, route } from "./route.ts";
import { Brand, SignIn } from "./sign-in.tsx";
import { nextTheme, theme } from "./theme.ts";
import { Toasts } from "./toast.tsx";

const NewCredentialsDialog = later((parts) => parts.NewCredentialsDialog);
const NoApp = later((parts) => parts.NoApp);
const UnlockDialog = later((parts) => parts.UnlockDialog);

/** The whole console. */
export function App(): VNode {
  if (session.value === undefined) return <main class="sign-in" aria-busy="true" />;
  return (
    <>
      {session.value.operator === undefined ? <SignIn /> : <SignedIn />}
      <Toasts />
    </>
  );
}

function SignedIn(): VNode {
  useLayoutEffect(followAddress, []);
  // Before the page is drawn: the stream is what takes longest.
  useLayoutEffect(followApp, []);
  const page = pages.find(({ id }) => id === route.value.page) ?? pages[0];
  const Content = page?.content;
  const content = useRef<HTMLElement>(null);
  useEffect(() => void (document.title = `${page?.label} · Sealcast console`), [page]);
  useLayoutEffect(() => content.current?.scrollTo(0, 0), [page]);
  return (
    <div class="frame">
      <a class="skip" href="#content" onClick={skipToContent}>
        Skip to the content
      </a>
      <TopBar />
      <nav aria-label="Pages">
        {pages.map(({ id, label, icon }) => (
          <a key={id} href={linkTo(id)} aria-current={id === page?.id ? "page" : undefined}>
            <Icon name={icon} />
            <span>{label}</span>
          </a>
        ))}
      </nav>
      <main id="content" tabIndex={0} ref={content}>
        {streamState.value === "lost" && (
          <p class="notice" role="alert">
            The connection to the server is lost. This page reconnects by itself.
          </p>
        )}
        {Content !== undefined && app.value !== undefined && <Content key={`${page?.id}/${app.value?.id}`} />}
        {app.value === undefined && appsAreLoaded.value && <NoApp />}
      </main>
      {shownCredentials.value !== undefined && <NewCredentialsDialog />}
    </div>
  );
}

function TopBar(): VNode {
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

function skipToContent(event: MouseEvent): void {
  event.preventDefault();
  document.querySelector<HTMLElement>("#content")?.focus();
}
