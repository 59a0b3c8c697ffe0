import { session } from "../api/request.ts";

/** Whether the operator may change the apps that this page shows. */
export function mayChangeApps(): boolean {
  const { operator, server } = session.value ?? {};
  return operator?.role === "admin" && server?.appsAreEditable === true;
}

/** Whether the operator may create apps: operators with only some apps would not see the new one. */
export function mayCreateApps(): boolean {
  return mayChangeApps() && session.value?.operator?.seesAllApps === true;
}
