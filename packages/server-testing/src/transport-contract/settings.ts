import type { ServerSettings } from "@sealcast/server";

/** Settings under which the transport contract runs. */
export const contractSettings = {
  maxFrameBytes: 20_000,
  maxOutboxBytes: 256 * 1_024,
  maxBufferedBytes: 16 * 1_024 * 1_024,
  handshakeTimeoutSeconds: 1,
} as const satisfies Partial<ServerSettings>;
