import type { AppId, ChannelName } from "@sealcast/protocol";
import { FakeClock } from "@sealcast/server-testing";
import { expect, test } from "vitest";
import { repeatSeconds, type Publication } from "../../ports/broker.ts";
import { RecentPublications } from "./recent-publications.ts";

const [app, other] = ["1001" as AppId, "1002" as AppId];

function setUp(): { clock: FakeClock; isNew: (of: AppId, id: string | number) => boolean; held: () => number } {
  const clock = new FakeClock();
  const recent = new RecentPublications(clock, 1_000);
  return {
    clock,
    isNew(of, id) {
      let isPublished = false;
      const publication: Publication = {
        channel: "news" as ChannelName,
        message: "",
        except: undefined,
        keep: undefined,
        id: `${id}`,
      };
      recent.once(of, publication, () => {
        isPublished = true;
        return undefined;
      });
      return isPublished;
    },
    held: () => recent.size,
  };
}

test("[BROKER8] an id of one app is remembered, however many ids another app uses", () => {
  const { isNew, held } = setUp();
  expect(isNew(app, "mine")).toBe(true);
  for (let index = 0; index < 5_000; index += 1) isNew(other, index);
  expect(isNew(app, "mine")).toBe(false);
  expect(held()).toBe(1_000);
  expect(isNew(other, 4_999)).toBe(false);
  expect(isNew(other, 0)).toBe(true);
});

test("[BROKER8] ids are forgotten after their time, also those of apps that publish nothing more", () => {
  const { clock, isNew, held } = setUp();
  for (let index = 0; index < 500; index += 1) isNew(other, index);
  clock.advance(119_999);
  expect(isNew(other, 0)).toBe(false);
  clock.advance(1);
  for (let index = 0; index < 10; index += 1) isNew(app, index);
  expect(held()).toBe(10);
  expect(isNew(other, 0)).toBe(true);
});

test("[BROKER8] an id that is published again after its time takes no more memory", () => {
  const { clock, isNew, held } = setUp();
  // One publication forgets up to 200 of them, and adds itself again.
  for (let index = 0; index < 500; index += 1) isNew(app, index);
  clock.advance(120_000);
  expect(isNew(app, 499)).toBe(true);
  expect(held()).toBe(300);
  for (let index = 0; index < 4; index += 1) isNew(app, 499);
  expect(held()).toBe(300);
});

test.each([-3_600_000, 3_600_000])(
  "[BROKER8] setting the clock by %i ms does not change when an id is forgotten",
  (byMs) => {
    const { isNew, clock } = setUp();
    expect(isNew(app, 1)).toBe(true);
    clock.set(clock.now() + byMs);
    expect(isNew(app, 1)).toBe(false);
    clock.advance(repeatSeconds * 1_000);
    expect(isNew(app, 1)).toBe(true);
  },
);
