import { appsVariable, environmentName, fileVariable, flagName, serverOptions } from "@sealcast/server";

const width = 100;
const indent = " ".repeat(6);

/** The text of `sealcast --help`, made from the table of options. */
export function helpText(): string {
  const options = Object.entries(serverOptions).map(([key, option]) => {
    const value = option.isSwitch ? "" : ` ${typeof option.default === "number" ? "N" : "TEXT"}`;
    const facts = `${option.wanted}; default ${String(option.default)}; ${environmentName(key)}`;
    return `  --${flagName(key)}${value}\n${wrap(option.doc)}\n${wrap(`[${facts}]`)}\n`;
  });
  return `Sealcast: a realtime server that speaks the Pusher Channels protocol and cannot read encrypted events.

Usage
  sealcast start [flags]    start the server
  sealcast keys             print a configuration with new credentials, and an encryption master key
  sealcast --help           print this
  sealcast --version        print the version

Flags of start, in front of the environment variable, in front of the same name in the file
  --config FILE
${wrap(`JSON file with options and apps; watched, so that apps can be edited without a restart. [${fileVariable}]`)}

${options.join("\n")}
Apps come from "apps" in the file, or as the same JSON from ${appsVariable}.
All options and settings of apps: docs/configuration.md
`;
}

function wrap(text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line.length + word.length >= width - indent.length) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.map((line) => indent + line).join("\n");
}
