import { expect, test } from "vitest";
import { BodyBytes } from "./body-bytes.ts";

test("a hundred thousand parts of one byte take little more memory than their bytes", () => {
  const body = new BodyBytes();
  let memory = 0;
  for (let index = 0; index < 100_000; index += 1) memory += body.add(Uint8Array.of(index % 251));
  expect(body.length).toBe(100_000);
  expect(memory).toBeLessThan(2 * 100_000);
  expect([...body.all()].every((byte, index) => byte === index % 251)).toBe(true);
});

test("one large part is taken as it is long", () => {
  const body = new BodyBytes();
  expect(body.add(new Uint8Array(50_000))).toBe(50_000);
  body.clear();
  expect([body.length, body.all().length]).toEqual([0, 0]);
});

test("a long body gets memory for its stated length, once it is longer than 64 KiB", () => {
  const stated = 1_000_000;
  const body = new BodyBytes(stated);
  expect(body.add(new Uint8Array(10_000))).toBe(10_000);
  const part = new Uint8Array(60_000).fill(1);
  expect(body.add(part)).toBe(stated - 10_000);
  for (let index = 0; index < 10; index += 1) expect(body.add(part)).toBe(0);
  expect([...body.all()].reduce((sum, byte) => sum + byte, 0)).toBe(11 * part.length);
});

test("a body that is longer than it states is taken as it is long", () => {
  const body = new BodyBytes(70_000);
  body.add(new Uint8Array(70_000));
  body.add(Uint8Array.of(7));
  expect([body.length, body.all().at(-1)]).toEqual([70_001, 7]);
});
