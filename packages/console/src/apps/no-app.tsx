import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { EmptyState } from "../shell/empty-state.tsx";
import { CreateApp } from "./create-app.tsx";
import { mayCreateApps } from "../shell/permissions.ts";

/** What every page shows while there is no app. */
export function NoApp(): VNode {
  const [creating, setCreating] = useState(false);
  if (!mayCreateApps())
    return <EmptyState title="There is no app that you may see">An administrator can grant you one.</EmptyState>;
  return (
    <EmptyState title="There is no app yet">
      <p>An app is one product or one environment: it has keys, channels and clients of its own.</p>
      <button type="button" class="primary" onClick={() => setCreating(true)}>
        Create the first app
      </button>
      {creating && <CreateApp onClose={() => setCreating(false)} />}
    </EmptyState>
  );
}
