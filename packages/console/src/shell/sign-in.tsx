import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { loadSession, request } from "../api/request.ts";

/** Asks for name and password. */
export function SignIn(): VNode {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    const answer = await request("/login", { method: "POST", body: { name, password } });
    setBusy(false);
    if (answer.ok) return loadSession();
    setProblem(answer.message);
  }

  return (
    <main class="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <h1>
          <Brand /> console
        </h1>
        <label>
          Name
          <input
            required
            autocomplete="username"
            value={name}
            onInput={({ currentTarget }) => setName(currentTarget.value)}
          />
        </label>
        <label>
          Password
          <input
            required
            type="password"
            autocomplete="current-password"
            value={password}
            onInput={({ currentTarget }) => setPassword(currentTarget.value)}
          />
        </label>
        {problem !== undefined && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" class="primary" disabled={busy}>
          Sign in
        </button>
      </form>
    </main>
  );
}

/** The product's name as it appears in the page. */
export function Brand(): VNode {
  return (
    <span class="brand">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M12 2 4 6v6c0 5 3.4 8.6 8 10 4.6-1.4 8-5 8-10V6z" />
        <path class="wave" d="M8.5 12a3.5 3.5 0 0 1 7 0M10.5 14.5h3" />
      </svg>
      Sealcast
    </span>
  );
}
