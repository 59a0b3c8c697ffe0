import { closeReasons } from "@sealcast/protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { outgoing } from "../../../ports/transport.ts";
import type { Batch } from "./batch.ts";
import { silentLog } from "@sealcast/server-testing";
import { FlushQueue } from "./flush-queue.ts";
import { OpenLinks } from "../links/open-links.ts";
import { ReadPace } from "../links/read-fairness.ts";
import { OutboxTopic } from "./outbox-topic.ts";
import { Outbox } from "./outbox.ts";
import { frameText } from "./text-frame.ts";

/** An outbox whose carrier keeps what it is given until the test lets it go. */
class HeldOutbox extends Outbox {
  readonly writes: (readonly Uint8Array[])[] = [];
  readonly ends: string[] = [];
  unsent = 0;

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

  protected override write(batch: Batch): void {
    this.writes.push(batch.chunks());
  }

  protected override finish(code: number, reason: string): void {
    this.ends.push(`${code} ${reason}`);
  }
}

const limits = { maxOutboxBytes: 1_000, maxBufferedBytes: 10_000 };
let open: OpenLinks;
let queue: FlushQueue;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setImmediate", "setInterval", "clearInterval"] });
  spendCpu(0);
  queue = new FlushQueue(limits);
  open = new OpenLinks(queue, new ReadPace(), silentLog);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** What the next looks at the process's CPU time find, in milliseconds; the last one stays. */
function spendCpu(...readings: readonly number[]): void {
  const left = [...readings];
  vi.spyOn(process, "cpuUsage").mockImplementation(() => {
    const reading = (left.length > 1 ? left.shift() : left[0]) ?? 0;
    return { user: reading * 1_000, system: 0 };
  });
}

/** Lets one turn of the event loop pass. */
function turn(): void {
  vi.advanceTimersToNextTimer();
}

function outboxes(count: number): HeldOutbox[] {
  return Array.from({ length: count }, () => new HeldOutbox(open));
}

function topicOf(boxes: readonly HeldOutbox[]): OutboxTopic {
  const topic = new OutboxTopic();
  for (const link of boxes) topic.add(link);
  return topic;
}

function text(length: number): string {
  return "x".repeat(length);
}

describe("sharing", () => {
  it("hands a lone message on as it was framed, to all links", () => {
    const boxes = outboxes(3);
    const message = outgoing("hello");
    topicOf(boxes).publish(message, undefined);
    turn();
    for (const link of boxes) expect(link.writes).toEqual([[frameText(message)]]);
    expect(boxes[0]?.writes[0]?.[0]).toBe(message.framed);
  });

  it("joins the messages of a turn once for all links that got the same", () => {
    const boxes = outboxes(3);
    const topic = topicOf(boxes);
    topic.publish(outgoing("one"), undefined);
    topic.publish(outgoing("two"), undefined);
    turn();
    expect(boxes.map((link) => link.texts)).toEqual(
      Array.from({ length: 3 }, () => ["\x81\x03one\x81\x03two"].map(bytesAsText)),
    );
    expect(boxes[1]?.writes[0]?.[0]).toBe(boxes[0]?.writes[0]?.[0]);
  });

  it("gives each link its own messages between the shared ones, in order", () => {
    const [first, second, third] = outboxes(3) as [HeldOutbox, HeldOutbox, HeldOutbox];
    const topic = topicOf([first, second, third]);
    topic.publish(outgoing("a"), undefined);
    second.send(outgoing("own"));
    topic.publish(outgoing("b"), third);
    turn();
    expect(first.texts).toEqual([bytesAsText("\x81\x01a\x81\x01b")]);
    expect(second.texts).toEqual([bytesAsText("\x81\x01a\x81\x03own\x81\x01b")]);
    expect(third.texts).toEqual([bytesAsText("\x81\x01a")]);
  });

  it("does not copy large messages", () => {
    const boxes = outboxes(2);
    const large = outgoing(text(20_000));
    const topic = topicOf(boxes);
    for (const message of [outgoing("a"), outgoing("b"), large, outgoing("c")]) topic.publish(message, undefined);
    turn();
    expect(boxes[0]?.writes[0]).toHaveLength(3);
    expect(boxes[0]?.writes[0]?.[1]).toBe(large.framed);
    expect(boxes[1]?.writes[0]).toBe(boxes[0]?.writes[0]);
  });

  it("delivers the same message twice to a link that was sent it twice", () => {
    const [link] = outboxes(1) as [HeldOutbox];
    const message = outgoing("a");
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
    topic.publish(outgoing("a"), undefined);
    turn();
    expect(boxes.filter((box) => box.writes.length > 0)).toHaveLength(64);
    topic.publish(outgoing("b"), undefined);
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
    topicOf(boxes).publish(outgoing("a"), undefined);
    // The turn comes after 10 ms of work, and each slice takes 4.
    spendCpu(10, 14, 18, 22);
    turn();
    expect(boxes.filter((box) => box.writes.length > 0)).toHaveLength(3 * 64);
  });

  it("hands on about a megabyte in a turn", () => {
    const boxes = outboxes(4);
    topicOf(boxes).publish(outgoing(text(1_000_000)), undefined);
    turn();
    expect(boxes.filter((box) => box.writes.length > 0)).toHaveLength(2);
    turn();
    expect(boxes.filter((box) => box.writes.length > 0)).toHaveLength(4);
  });

  it("goes on after a megabyte where other work took longer, so that one full outbox holds up nobody", () => {
    const boxes = outboxes(4);
    topicOf(boxes).publish(outgoing(text(1_000_000)), undefined);
    spendCpu(10, 14);
    turn();
    expect(boxes.filter((box) => box.writes.length > 0)).toHaveLength(4);
  });

  it("counts what waits for its turn once, whoever shares it, and nothing afterwards", () => {
    const boxes = outboxes(100);
    const topic = topicOf(boxes);
    topic.publish(outgoing(text(98)), undefined);
    topic.publish(outgoing(text(98)), undefined);
    expect(queue.bufferedBytes()).toBe(200);
    turn();
    expect(queue.bufferedBytes()).toBe(200);
    turn();
    expect(queue.bufferedBytes()).toBe(0);
  });

  it("does not add up what waits while there always is more", () => {
    const boxes = outboxes(100);
    const topic = topicOf(boxes);
    for (let round = 0; round < 20; round += 1) {
      topic.publish(outgoing(text(98)), undefined);
      turn();
      expect(queue.bufferedBytes()).toBeLessThanOrEqual(600);
    }
  });
});

describe("closing", () => {
  it("hands on what was sent before, then closes, and nothing later", () => {
    const [link] = outboxes(1) as [HeldOutbox];
    link.send(outgoing("a"));
    link.close(4200, "bye");
    link.send(outgoing("b"));
    link.close(4100, "again");
    turn();
    expect(link.texts).toEqual([bytesAsText("\x81\x01a")]);
    expect(link.ends).toEqual(["4200 bye"]);
  });

  it("writes nothing to a client that went before its turn", () => {
    const [link] = outboxes(1) as [HeldOutbox];
    link.send(outgoing("a"));
    link.destroy();
    turn();
    expect(link.writes).toEqual([]);
    expect(link.ends).toEqual(["destroyed"]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("back-pressure", () => {
  const slow = `${closeReasons.slowConsumer.code} ${closeReasons.slowConsumer.message}`;

  it("counts what carriers hold, until they let go", () => {
    const [first, second] = outboxes(2) as [HeldOutbox, HeldOutbox];
    first.unsent = 400;
    second.unsent = 500;
    topicOf([first, second]).publish(outgoing("a"), undefined);
    turn();
    expect(queue.bufferedBytes()).toBe(900);
    first.unsent = 0;
    second.unsent = 100;
    turn();
    expect(queue.bufferedBytes()).toBe(100);
    second.destroy();
    expect(queue.bufferedBytes()).toBe(0);
    turn();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("closes a link whose carrier holds more than the limit, and goes on with others", () => {
    const [stalled, other] = outboxes(2) as [HeldOutbox, HeldOutbox];
    const topic = topicOf([stalled, other]);
    stalled.unsent = 1_001;
    topic.publish(outgoing("a"), undefined);
    turn();
    topic.publish(outgoing("b"), undefined);
    turn();
    expect(stalled.ends).toEqual([slow]);
    expect(stalled.texts).toEqual([bytesAsText("\x81\x01a")]);
    expect(other.writes).toHaveLength(2);
    expect(other.ends).toEqual([]);
  });

  it("cuts slow links at once when the process holds too much", () => {
    const boxes = outboxes(11);
    for (const link of boxes) link.unsent = 1_000;
    topicOf(boxes).publish(outgoing("a"), undefined);
    turn();
    expect(queue.bufferedBytes()).toBe(11_000);
    expect(boxes.flatMap((link) => link.ends)).toEqual([]);
    const [first] = boxes as [HeldOutbox];
    first.unsent = 1_001;
    turn();
    expect(first.ends).toEqual(["destroyed"]);
    expect(queue.bufferedBytes()).toBe(10_000);
  });
});

/** The text of raw bytes as {@link HeldOutbox.texts} shows it. */
function bytesAsText(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString();
}
