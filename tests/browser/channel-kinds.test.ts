import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { browserPusherJs } from "./browser-client.ts";
import { channelKindRows } from "../libraries/rows/channel-kind-rows.ts";

describe.skipIf(chromiumPath === undefined)("in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  channelKindRows(browserPusherJs(() => browser));
});
