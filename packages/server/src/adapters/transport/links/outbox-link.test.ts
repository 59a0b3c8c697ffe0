import { closeReasons } from "@sealcast/protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { silentLog } from "@sealcast/server-testing";
import { systemClock } from "../../clock/system.ts";
import type { Batch } from "../outbox/batch.ts";
import { FlushQueue } from "../outbox/flush-queue.ts";
import { frameText } from "../outbox/text-frame.ts";
import { SockJs } from "../sockjs/sockjs.ts";
import type { SockJsSocket } from "../sockjs/sockjs-socket.ts";
import { LinkTopic } from "./link-topic.ts";
import { OpenLinks } from "./open-links.ts";
import { OutboxLink } from "./outbox-link.ts";
import { TurnBudget } from "./turn-budget.ts";

/** A link that keeps what is written to it. */
class HeldOutbox extends OutboxLink {
  readonly writes: (readonly Uint8Array[])[] = [];
  readonly ends: string[] = [];
  unsent = 0;
  accepted = 0;
  /** Unsent bytes that the carrier cannot drop any more. */
  taken = 0;

  override progress(): number {
    return this.accepted;
  }

  override unsentBytes(): number {
    return this.unsent;
  }

  override destroy(): void {
    this.ends.push("destroyed");
    this.ended();
  }

  get texts(): string[] {
    return this.writes.flat().map((chunk) => Buffer.from(chunk).toString());
  }

  protected override dropUnsent(): void {
    super.dropUnsent();
    this.unsent = this.taken;
  }

  protected override write(batch: Batch): void {
    this.writes.push(batch.chunks());
  }

  protected override finish(code: number, reason: string): void {
    this.ends.push(`${code} ${reason}`);
  }
}

const ignoredEvents = { receive: () => undefined, alive: () => undefined, closed: () => undefined };
const limits = { maxOutboxBytes: 1_000, maxBufferedBytes: 10_000, stalledSeconds: 30 };
/** A clock for the turns. */
const clock = { monotonicNow: () => (left.length > 1 ? left.shift() : left[0]) ?? 0 };
let left: number[] = [];
let open: OpenLinks;
let queue: FlushQueue;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setImmediate", "setInterval", "clearInterval", "performance"] });
  spend(0);
  const turns = new TurnBudget(clock);
  queue = new FlushQueue(limits, systemClock, turns);
  open = new OpenLinks({ queue, turns, clock: systemClock, log: silentLog });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** What the next looks at the clock find, in milliseconds; the last one stays. */
function spend(...readings: readonly number[]): void {
  left = [...readings];
}

/** Lets one turn of the event loop pass. */
function turn(): void {
  vi.advanceTimersToNextTimer();
}

function outboxes(count: number): HeldOutbox[] {
  return Array.from({ length: count }, () => new HeldOutbox(open, queue));
}

function topicOf(boxes: readonly HeldOutbox[]): LinkTopic {
  const topic = new LinkTopic();
  for (const link of boxes) topic.add(link);
  return topic;
}

function text(length: number): string {
  return "x".repeat(length);
}

describe("sharing", () => {
  it("writes one frame of a single message to all links", () => {
    const boxes = outboxes(3);
    topicOf(boxes).publish("hello", undefined);
    turn();
    for (const link of boxes) expect(link.writes).toEqual([[frameText("hello")]]);
    expect(boxes[1]?.writes[0]?.[0]).toBe(boxes[0]?.writes[0]?.[0]);
  });

  it("shares what is written also if every other link of a topic speaks SockJS", () => {
    const boxes = outboxes(40);
    const sockJs = new SockJs(systemClock, { open: () => ignoredEvents }, 10);
    const socketRequest = { path: "/pusher/0/a/websocket", query: "", origin: undefined, address: "", secure: false };
    const sockets = boxes.slice(20).map((box) => sockJs.open(socketRequest, box) as SockJsSocket);
    turn();
    const topic = new LinkTopic();
    for (const [index, socket] of sockets.entries()) {
      topic.add(boxes[index] as HeldOutbox);
      topic.add(socket);
    }
    topic.publish(text(1_000), undefined);
    expect(queue.bufferedBytes()).toBeLessThan(2_100);
    turn();
    expect(boxes[19]?.writes.at(-1)?.[0]).toBe(boxes[0]?.writes[0]?.[0]);
    expect(boxes[39]?.writes.at(-1)?.[0]).toBe(boxes[20]?.writes.at(-1)?.[0]);
    expect(boxes[39]?.texts.at(-1)).toContain(`a["${text(1_000)}"]`);
    for (const socket of sockets) socket.closed();
    topic.remove(sockets[0] as SockJsSocket);
    expect(topic.size).toBe(39);
  });

  it("frames a message once, also for links that hold other messages", () => {
    const [first, second] = outboxes(2) as [HeldOutbox, HeldOutbox];
    second.send("own");
    topicOf([first, second]).publish(text(20_000), undefined);
    turn();
    expect(second.writes[0]?.[1]).toBe(first.writes[0]?.[0]);
  });

  it("joins the messages of a turn once for all links that got the same", () => {
    const boxes = outboxes(3);
    const topic = topicOf(boxes);
    topic.publish("one", undefined);
    topic.publish("two", undefined);
    turn();
    expect(boxes.map((link) => link.texts)).toEqual(
      Array.from({ length: 3 }, () => ["\x81\x03one\x81\x03two"].map(bytesAsText)),
    );
    expect(boxes[1]?.writes[0]?.[0]).toBe(boxes[0]?.writes[0]?.[0]);
  });

  it("gives each link its own messages between the shared ones, in order", () => {
    const [first, second, third] = outboxes(3) as [HeldOutbox, HeldOutbox, HeldOutbox];
    const topic = topicOf([first, second, third]);
    topic.publish("a", undefined);
    second.send("own");
    topic.publish("b", third);
    turn();
    expect(first.texts).toEqual([bytesAsText("\x81\x01a\x81\x01b")]);
    expect(second.texts).toEqual([bytesAsText("\x81\x01a\x81\x03own\x81\x01b")]);
    expect(third.texts).toEqual([bytesAsText("\x81\x01a")]);
  });

  it("does not copy large messages", () => {
    const boxes = outboxes(2);
    const large = text(20_000);
    const topic = topicOf(boxes);
    for (const message of ["a", "b", large, "c"]) topic.publish(message, undefined);
    turn();
    expect(boxes[0]?.writes[0]).toHaveLength(3);
    expect(boxes[0]?.writes[0]?.[1]).toEqual(frameText(large));
    expect(boxes[1]?.writes[0]).toBe(boxes[0]?.writes[0]);
  });

  it("delivers the same message twice to a link that was sent it twice", () => {
    const [link] = outboxes(1) as [HeldOutbox];
    const message = "a";
    link.send(message);
    link.send(message);
    turn();
    expect(link.texts).toEqual([bytesAsText("\x81\x01a\x81\x01a")]);
  });
});

describe("turns", () => {
  it("flushes 64 links in a turn, and merges what is published meanwhile for the others", () => {
    const boxes = outboxes(100);
    const topic = topicOf(boxes);
    topic.publish("a", undefined);
    turn();
    expect(boxes.filter((box) => box.writes.length > 0)).toHaveLength(64);
    topic.publish("b", undefined);
    turn();
    turn();
    expect(boxes.map((box) => box.texts.join(""))).toEqual(
      Array.from({ length: 100 }, () => bytesAsText("\x81\x01a\x81\x01b")),
    );
    expect(boxes.map((box) => box.writes.length)).toEqual(boxes.map((_, index) => (index < 64 ? 2 : 1)));
    expect(vi.getTimerCount()).toBe(0);
  });

  it("flushes for as long as other work took, so that deliveries do not starve", () => {
    const boxes = outboxes(300);
    topicOf(boxes).publish("a", undefined);
    // The turn comes after 10 ms of work, and each slice takes 4.
    spend(10, 14, 18, 22);
    turn();
    expect(boxes.filter((box) => box.writes.length > 0)).toHaveLength(3 * 64);
  });

  it("hands on about a megabyte in a turn", () => {
    const boxes = outboxes(4);
    topicOf(boxes).publish(text(1_000_000), undefined);
    turn();
    expect(boxes.filter((box) => box.writes.length > 0)).toHaveLength(2);
    turn();
    expect(boxes.filter((box) => box.writes.length > 0)).toHaveLength(4);
  });

  it("goes on after a megabyte where other work took longer, so that one full outbox holds up nobody", () => {
    const boxes = outboxes(4);
    topicOf(boxes).publish(text(1_000_000), undefined);
    spend(10, 14);
    turn();
    expect(boxes.filter((box) => box.writes.length > 0)).toHaveLength(4);
  });

  it("counts a waiting message once, however many links share it, and not after it was written", () => {
    const boxes = outboxes(100);
    const topic = topicOf(boxes);
    topic.publish(text(98), undefined);
    topic.publish(text(98), undefined);
    expect(queue.bufferedBytes()).toBe(200);
    turn();
    expect(queue.bufferedBytes()).toBe(200);
    turn();
    expect(queue.bufferedBytes()).toBe(0);
  });

  it("no longer counts written messages, even if another one is published in every turn", () => {
    const boxes = outboxes(100);
    const topic = topicOf(boxes);
    for (let round = 0; round < 20; round += 1) {
      topic.publish(text(98), undefined);
      turn();
      expect(queue.bufferedBytes()).toBeLessThanOrEqual(600);
    }
  });
});

describe("closing", () => {
  it("hands on what was sent before, then closes, and nothing later", () => {
    const [link] = outboxes(1) as [HeldOutbox];
    link.send("a");
    link.close(4200, "bye");
    link.send("b");
    link.close(4100, "again");
    turn();
    expect(link.texts).toEqual([bytesAsText("\x81\x01a")]);
    expect(link.ends).toEqual(["4200 bye"]);
  });

  it("writes nothing to a client that has disconnected before its turn", () => {
    const [link] = outboxes(1) as [HeldOutbox];
    link.send("a");
    link.destroy();
    turn();
    expect(link.writes).toEqual([]);
    expect(link.ends).toEqual(["destroyed"]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

/** Sends to outboxes whose clients take nothing of it. */
function stall(boxes: readonly HeldOutbox[], bytes: number): void {
  topicOf(boxes).publish(text(bytes - 4), undefined);
  for (const box of boxes) box.unsent += bytes;
  turn();
}

describe("back-pressure", () => {
  const slow = `${closeReasons.slowConsumer.code} ${closeReasons.slowConsumer.message}`;

  it("counts what waits for several clients once, until the last of them has taken it", () => {
    const boxes = outboxes(3);
    stall(boxes, 900);
    expect(queue.bufferedBytes()).toBe(900);
    for (const box of boxes.slice(0, 2)) box.unsent = 0;
    vi.advanceTimersByTime(100);
    expect(queue.bufferedBytes()).toBe(900);
    boxes[2]?.destroy();
    expect(queue.bufferedBytes()).toBe(0);
    vi.advanceTimersByTime(100);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("counts bytes that are no messages, and forgets messages that were taken", () => {
    const [box] = outboxes(1) as [HeldOutbox];
    stall([box], 300);
    stall([box], 400);
    box.unsent = 450;
    vi.advanceTimersByTime(100);
    expect(queue.bufferedBytes()).toBe(700);
    box.unsent = 400;
    vi.advanceTimersByTime(100);
    expect(queue.bufferedBytes()).toBe(400);
    box.unsent = 500;
    vi.advanceTimersByTime(100);
    expect(queue.bufferedBytes()).toBe(500);
  });

  it("[CLOSE4] closes a client above the limit that takes nothing for a second, and goes on with others", () => {
    const [stalled, other] = outboxes(2) as [HeldOutbox, HeldOutbox];
    stall([stalled], 1_001);
    vi.advanceTimersByTime(900);
    expect(stalled.ends).toEqual([]);
    other.send("a");
    vi.advanceTimersByTime(200);
    expect(stalled.ends).toEqual([slow]);
    expect([other.texts, other.ends]).toEqual([[bytesAsText("\x81\x01a")], []]);
  });

  it("[CLOSE4] lets a burst through that its client takes bit by bit, for up to ten seconds", () => {
    const [reader] = outboxes(1) as [HeldOutbox];
    stall([reader], 9_000);
    for (let passedMs = 0; passedMs < 9_500; passedMs += 500) {
      reader.accepted += 1;
      vi.advanceTimersByTime(500);
    }
    expect(reader.ends).toEqual([]);
    vi.advanceTimersByTime(700);
    expect(reader.ends).toEqual([slow]);
  });

  it("[CLOSE4] closes a client that takes nothing for `stalledSeconds`, however little waits", () => {
    const [stalled, slower] = outboxes(2) as [HeldOutbox, HeldOutbox];
    stall([stalled, slower], 10);
    vi.advanceTimersByTime(29_000);
    slower.accepted += 1;
    vi.advanceTimersByTime(1_100);
    expect(stalled.ends).toEqual([slow]);
    expect(slower.ends).toEqual([]);
  });

  it("[CLOSE4] drops what waits for a client that it closes, and cuts it if it takes nothing of the rest", () => {
    const [stalled, gone] = outboxes(2) as [HeldOutbox, HeldOutbox];
    stalled.taken = 300;
    stall([stalled], 1_001);
    stall([gone], 1_002);
    vi.advanceTimersByTime(1_200);
    expect([stalled.ends, gone.ends]).toEqual([[slow], [slow]]);
    // A message is in memory until all of it is sent.
    expect(queue.bufferedBytes()).toBe(1_001);
    vi.advanceTimersByTime(4_700);
    expect(stalled.ends).toEqual([slow]);
    vi.advanceTimersByTime(300);
    expect([stalled.ends, gone.ends]).toEqual([[slow, "destroyed"], [slow]]);
    expect(queue.bufferedBytes()).toBe(0);
  });

  it("[CLOSE4] cuts a client that was closed for another reason and takes nothing", () => {
    const [stalled] = outboxes(1) as [HeldOutbox];
    stall([stalled], 1_001);
    stalled.close(4200, "Restart");
    turn();
    vi.advanceTimersByTime(1_200);
    expect(stalled.ends).toEqual(["4200 Restart", "destroyed"]);
  });

  it("[CLOSE4] cuts clients that take nothing and hold the most when the process holds too much", () => {
    const stalled = outboxes(9);
    const [reader] = outboxes(1) as [HeldOutbox];
    for (const box of stalled) stall([box], box === stalled[3] ? 1_000 : 900);
    expect(queue.bufferedBytes()).toBe(8_200);
    vi.advanceTimersByTime(1_000);
    stall([reader], 1_500);
    expect(stalled.flatMap((box, index) => (box.ends.length > 0 ? [index] : []))).toEqual([0, 3]);
    expect(stalled[3]?.ends).toEqual(["destroyed"]);
    expect(reader.ends).toEqual([]);
    expect(queue.bufferedBytes()).toBe(7_800);
  });
});

/** The text of raw bytes as {@link HeldOutbox.texts} shows it. */
function bytesAsText(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString();
}
