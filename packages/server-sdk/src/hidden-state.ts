/**
 * Stores the private state of an object as a function that is not enumerable: printing the object does not show its
 * secrets, and methods also work through a `Proxy`, as Vue, MobX or a container for dependencies put around objects.
 * Private `#fields` would throw there; a state object would be wrapped, too, a function is not.
 */
export function hideState(target: object, state: object): void {
  // A proxy may return another value only for a property that is writable or configurable.
  Object.defineProperty(target, "state", { value: () => state, enumerable: false, configurable: true, writable: true });
}
