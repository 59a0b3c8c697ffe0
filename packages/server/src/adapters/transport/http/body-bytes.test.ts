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
