import { describe } from "vitest";
import { pusherJs } from "../compat/pusher-js-client.ts";
import { liveRotationRows } from "./live-rotation.ts";

describe("in Node.js", () => {
  liveRotationRows(pusherJs);
});
