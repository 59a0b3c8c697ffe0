import { session } from "../api/request.ts";

/** Whether the operator may change anything; others only look. */
export function isAdmin(): boolean {
  return session.value?.operator?.role === "admin";
}

/** Whether the operator may change the apps that this page shows. */
export function mayChangeApps(): boolean {
  return isAdmin() && session.value?.server.appsAreEditable === true;
}

/** Whether the operator may create apps: operators with only some apps would not see the new one. */
export function mayCreateApps(): boolean {
  return mayChangeApps() && session.value?.operator?.seesAllApps === true;
}
