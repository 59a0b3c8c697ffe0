import { expect, test } from "vitest";
import { environmentName, flagName } from "./option-name.ts";

test.each([
  ["port", "SEALCAST_PORT", "--port"],
  ["maxFrameBytes", "SEALCAST_MAX_FRAME_BYTES", "--max-frame-bytes"],
])("%s is %s in the environment and %s as a flag", (key, variable, flag) => {
  expect([environmentName(key), flagName(key)]).toEqual([variable, flag]);
});
