import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { SignOnProblem } from "@sealcast/server/console";
import { loadSession, request, session } from "../api/request.ts";
import { loadApps } from "./app-choice.ts";
import { Brand } from "./brand.tsx";
import { route } from "./route.ts";
import { Problem } from "./problem.tsx";
import { TextField } from "./text-field.tsx";

/** What the page says if single sign-on failed. */
const signOnProblems: ReadonlyMap<string | null, string> = new Map<SignOnProblem, string>([
  ["expired", "The sign-in took too long, or it began in another browser. Sign in again."],
  ["refused", "The sign-in was refused. Sign in again; if that does not help, the log of the server says why."],
  ["no-role", "You have no role in this console. Ask its administrators to give you one."],
  ["unavailable", "The sign-in service does not answer. Try again later."],
]);

/** Asks who the operator is. */
export function SignIn(): VNode {
  const { password = false, singleSignOn = false } = session.value?.signIn ?? {};
  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <h1>
          <Brand /> console
        </h1>
        {singleSignOn && <SingleSignOn />}
        {singleSignOn && password && <p class="hint or">or</p>}
        {password && <PasswordForm />}
        {!password && !singleSignOn && <p>This console is open only to the machine that it runs on.</p>}
      </div>
    </main>
  );
}

function SingleSignOn(): VNode {
  const problem = signOnProblems.get(route.value.parameters.get("problem"));
  return (
    <>
      <Problem text={problem} />
      <a class="button primary" href="/console/sign-on">
        Sign in with single sign-on
      </a>
    </>
  );
}

function PasswordForm(): VNode {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    const answer = await request("/login", { method: "POST", body: { name, password } });
    setBusy(false);
    if (!answer.ok) return setProblem(answer.message);
    await Promise.all([loadSession(), loadApps()]);
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <TextField label="Name" isProse required autofocus autocomplete="username" value={name} onInput={setName} />
      <TextField
        label="Password"
        isProse
        required
        type="password"
        autocomplete="current-password"
        value={password}
        onInput={setPassword}
      />
      <Problem text={problem} />
      <button type="submit" class="primary" disabled={busy}>
        Sign in
      </button>
    </form>
  );
}
