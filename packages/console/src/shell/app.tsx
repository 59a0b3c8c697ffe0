import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { session } from "../api/request.ts";
import { streamState } from "../api/stream.ts";
import { followApp } from "../log/live-log.ts";
import { followAddress } from "../log/log-address.ts";
import { later } from "../later/later.tsx";
import { shownCredentials } from "../apps/shown-credentials.ts";
import { app, appsAreLoaded } from "./app-choice.ts";
import { Icon } from "./icon.tsx";
import { pages } from "./pages.ts";
import { linkTo, route } from "./route.ts";
import { SignIn } from "./sign-in.tsx";
import { Toasts } from "./toast.tsx";
import { TopBar } from "./top-bar.tsx";

const NewCredentialsDialog = later((parts) => parts.NewCredentialsDialog);
const NoApp = later((parts) => parts.NoApp);

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

function skipToContent(event: MouseEvent): void {
  event.preventDefault();
  document.querySelector<HTMLElement>("#content")?.focus();
}
