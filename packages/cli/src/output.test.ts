import { expect, test } from "vitest";
import { table, withoutControls } from "./output.ts";

test.each([
  ["\u001B[2J", "\\u001b[2J"],
  ["\u009B2J", "\\u009b2J"],
  ["a\nb\u007F", "a\\u000ab\\u007f"],
  ["Grüße 😀", "Grüße 😀"],
])("%j is printed as %s", (text, printed) => {
  expect(withoutControls(text)).toBe(printed);
});

test("the columns of a table are aligned, and a missing cell is a dash", () => {
  expect(
    table(
      ["NAME", "N"],
      [
        ["a", 1],
        ["longer", undefined],
      ],
    ),
  ).toBe("NAME    N\na       1\nlonger  -\n");
});
