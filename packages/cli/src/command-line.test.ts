import { expect, test } from "vitest";
import { parseCommandLine } from "./command-line.ts";

const start = (flags: Record<string, string | true>, configPath?: string): unknown => ({
  do: "start",
  configPath,
  flags: new Map(Object.entries(flags)),
});

test.each([
  [[], { do: "help" }],
  [["--help"], { do: "help" }],
  [["start", "-h"], { do: "help" }],
  [["help"], { do: "help" }],
  [["--version"], { do: "version" }],
  [["-v"], { do: "version" }],
  [["version"], { do: "version" }],
  [["keys"], { do: "keys" }],
  [["start"], start({})],
  [["start", "--config", "s.json", "--port", "7"], start({ port: "7" }, "s.json")],
  [["start", "--config=s.json", "--port=7"], start({ port: "7" }, "s.json")],
  [["--port", "7", "start"], start({ port: "7" })],
  [["start", "--compression", "--host", "h"], start({ compression: true, host: "h" })],
  [["start", "--compression=false"], start({ compression: "false" })],
  [["start", "--max-frame-bytes", "9"], start({ "max-frame-bytes": "9" })],
  [["start", "--port", "1", "--port", "2"], start({ port: "2" })],
  [["start", "--prot", "7"], start({ prot: "7" })],
  [["start", "--port"], start({ port: true })],
])("%j asks for %j", (args, command) => {
  expect(parseCommandLine(args)).toEqual(command);
});

test.each([
  [["stat"], 'there is no command "stat"'],
  [["start", "s.json"], 'start takes no argument "s.json"'],
  [["start", "--config"], "--config needs the path of a file"],
  [["start", "--config="], "--config needs the path of a file"],
  [["keys", "--port", "7"], "keys takes no flag --port"],
])("%j is refused: %s", (args, message) => {
  expect(parseCommandLine(args)).toEqual({ do: "refuse", message });
});
