import type { Store } from "@sealcast/client/stores";
import { shallowReadonly, shallowRef, watch, type ShallowRef } from "vue";
import { whenMounted } from "./when-mounted.ts";

/**
 * Returns the value of a store, from the moment at which the component is mounted.
 *
 * @param create returns the store; called again when something reactive that it reads has changed.
 */
export function followStore<Value>(create: () => Store<Value>): Readonly<ShallowRef<Value>> {
  const value = shallowRef(create().read());
  whenMounted(() => {
    watch(
      create,
      ({ subscribe, read }, _, onCleanup) => {
        const look = (): void => {
          value.value = read();
        };
        onCleanup(subscribe(look));
        look();
      },
      // No event may arrive between a subscription and the binding of its listeners.
      { immediate: true, flush: "sync" },
    );
  });
  return shallowReadonly(value);
}
