import { vi } from "vitest";
import { channelKindRows } from "../libraries/rows/channel-kind-rows.ts";
import { laravelEcho } from "../libraries/laravel-echo-client.ts";
import { pusherJs } from "../libraries/pusher-js-client.ts";

// The compatibility table once more, with nothing changed but the import of the client.
vi.mock("../fixtures/pusher-js.ts", async () => ({ PusherJs: (await import("@sealcast/client/pusher-js")).Pusher }));

channelKindRows({ ...pusherJs, name: "@sealcast/client/pusher-js" });
channelKindRows({ ...laravelEcho, name: "laravel-echo on @sealcast/client/pusher-js" });
