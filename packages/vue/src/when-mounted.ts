import { getCurrentInstance, onMounted } from "vue";

/** Runs `start` when the component is mounted, and therefore never on a server. Outside of a component, for example in a
 * store, runs it immediately. */
export function whenMounted(start: () => void): void {
  if (getCurrentInstance()) onMounted(start);
  else start();
}
