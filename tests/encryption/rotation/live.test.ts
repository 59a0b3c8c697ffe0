import { describe } from "vitest";
import { PusherJs } from "../../fixtures/pusher-js.ts";
import { pusherJs } from "../../libraries/pusher-js-client.ts";
import { liveRotationRows } from "./live-rotation.ts";

describe("in Node.js", () => {
  liveRotationRows(pusherJs("pusher-js", PusherJs));
});
