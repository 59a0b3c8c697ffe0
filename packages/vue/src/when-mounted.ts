import { getCurrentInstance, onMounted } from "vue";

/** Runs `start` when the component is mounted, so never on a server; outside of a component, as in a store, at once. */
export function whenMounted(start: () => void): void {
  if (getCurrentInstance()) onMounted(start);
  else start();
}
