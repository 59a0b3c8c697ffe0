import type { EngineEvents } from "@sealcast/server";

/**
 * Engine events that nothing listens to. A test replaces those that it observes.
 *
 * @example
 * await engine.start({ ...ignoredEvents, statusChanged: (status) => statuses.push(status) });
 */
export const ignoredEvents: EngineEvents = {
  deliver: () => undefined,
  missed: () => undefined,
  changed: () => undefined,
  userChanged: () => undefined,
  messageReceived: () => undefined,
  statusChanged: () => undefined,
};
