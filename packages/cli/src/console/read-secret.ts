import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/**
 * Reads one line that nobody should see: from a terminal without showing it, otherwise from standard input.
 *
 * @param prompt is shown on a terminal.
 */
export function readSecret(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output, terminal: stdin.isTTY });
  if (stdin.isTTY) stderr.write(prompt);
  return new Promise((resolve) => {
    let answer = "";
    lines.once("line", (line) => {
      answer = line;
      lines.close();
    });
    lines.once("close", () => {
      if (stdin.isTTY) stderr.write("\n");
      resolve(answer);
    });
  });
}
