import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { browserPusherJs } from "./browser-client.ts";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { liveRotationRows } from "../encryption/rotation/live-rotation.ts";

describe.skipIf(chromiumPath === undefined)("in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  liveRotationRows(browserPusherJs(() => browser));
});
