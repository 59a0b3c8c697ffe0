import { vi } from "vitest";

// The tests of users with the official client once more, with nothing changed but the import of the client.
vi.mock("../fixtures/pusher-js.ts", async () => ({ PusherJs: (await import("@sealcast/client/pusher-js")).Pusher }));
await import("../libraries/users.test.ts");
