import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonLength, propertyText } from "./json-property.ts";

describe("[FRAME10] the text of a property", () => {
  test.each<[json: string, text: string | undefined]>([
    ['{"data":1.10}', "1.10"],
    ['{"data":1e400}', "1e400"],
    ['{"data":12345678901234567890}', "12345678901234567890"],
    ['{"data":-0.0,"x":1}', "-0.0"],
    [' { "x" : [ 1 ] , "data" : { "a" : "}" } } ', '{ "a" : "}" }'],
    ['{"x":"\\"data\\":1","data":"y"}', '"y"'],
    ['{"data":1,"data":2}', "2"],
    ['{"d\\u0061ta":true}', "true"],
    ['{"x":{"data":1}}', undefined],
    ['{"x":["data",1]}', undefined],
    ["{}", undefined],
    ['{\n\t"data"\r\n: null\n}', "null"],
    ['{"data":[]}', "[]"],
    ['{"data":""}', '""'],
  ])("of %s is %s", (json, text) => {
    expect(propertyText(json, "data")).toBe(text);
  });

  test("is JSON of the value that JSON.parse finds, in any object", () => {
    const space = fc.constantFrom("", " ", "\n\t", " \r ");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string(), fc.json(), space, space), { maxLength: 6 }),
        fc.constantFrom("data", '"', "\\", "", "__proto__"),
        fc.nat(5),
        (entries, name, at) => {
          const keys = entries.map(([key], index) => (index === at ? name : key));
          const fields = entries.map(
            ([, value, left, right], index) => `${left}${JSON.stringify(keys[index])}${right}:${left}${value}${right}`,
          );
          const json = `{${fields.join(",")}}`;
          const values = new Map(Object.entries(JSON.parse(json) as Readonly<Record<string, unknown>>));
          const text = propertyText(json, name);
          expect(text === undefined ? undefined : JSON.parse(text)).toEqual(values.get(name));
        },
      ),
    );
  });
});

test.each([
  ['"é"', 4],
  [String.raw`"\u00e9"`, 4],
  [String.raw`"\ud83d\ude00"`, 6],
  [String.raw`"\\u00e9"`, 9],
  [String.raw`"\u0000"`, 8],
  [String.raw`"a\n"`, 5],
])("[PRES10] %s counts %i bytes", (json, bytes) => {
  expect(jsonLength(json)).toBe(bytes);
});
