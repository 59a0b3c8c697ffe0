import { Sealcast } from "../sealcast.ts";
import type { SealcastOptions } from "../sealcast-options.ts";
import { FakePlatform, type FakeServer } from "./fake-platform.ts";

/** Returns a client of app 1001 on a runtime without a network. */
export function fakeSealcast(
  options: Partial<SealcastOptions> = {},
  server?: FakeServer,
): { readonly sealcast: Sealcast; readonly platform: FakePlatform } {
  const platform = Object.assign(new FakePlatform(server), options.platform);
  const credentials = { appId: "1001", key: "app-key", secret: "app-secret" };
  return {
    sealcast: new Sealcast({ ...credentials, fetch: platform.fetch, ...options, platform }),
    platform,
  };
}

/** Returns a master key; the same letter always gives the same key. */
export function masterKey(letter: string): string {
  return Buffer.from(
    Uint8Array.from({ length: 32 }, (_, index) => (letter.charCodeAt(0) * 7 + index * 5) & 255),
  ).toString("base64");
}
