import {
  appCredentials,
  appSettings,
  appsVariable,
  environmentName,
  fileVariable,
  flagName,
  serverSettings,
  settingFacts,
} from "@sealcast/server";

type Setting = Parameters<typeof settingFacts>[0];

/** Returns the text of `docs/configuration.md`, made from the schema of the configuration. */
export function configurationPage(): string {
  return `# Configuration

Generated from the schema of the configuration; \`npx vitest run tests/repository -u\` updates this page.

Flags of \`sealcast start\` override environment variables, environment variables override the file, the file overrides
defaults. The file is JSON; \`--config FILE\` or \`${fileVariable}\` names it. Unknown names and invalid values stop the start with
the full list of problems. With \`"$schema"\` and the path of [config.schema.json](../packages/server/config.schema.json), which
\`@sealcast/server\` contains, editors complete and check the file.

While the server runs, it looks at the file once per second, and at once after SIGHUP. Changes of apps take effect
immediately: new connections and requests use the new settings. Open connections keep the settings they started with, but
new secrets apply to them, too. Connections of a removed or disabled app are closed. Options of the process need a
restart; the log line \`config.restart_needed\` names them. A file with problems changes nothing, and its problems are logged.

## Options of the process

The flag of \`maxFrameBytes\` is \`${flagName("maxFrameBytes")}\`, its environment variable is \`${environmentName("maxFrameBytes")}\`; the others
follow the same rule. In the file, the settings of the engine are an object: \`engineUrl\` is \`url\` of \`engine\`, and \`engine\`
is its \`kind\`, as in \`"engine": { "kind": "redis", "url": "redis://127.0.0.1:6379" }\`. [cluster.md](cluster.md) explains them.

${table(serverSettings.shape)}

## Apps

\`apps\` in the file is a list; \`${appsVariable}\` holds the same list as JSON. Without either, there is one app for
development: id \`1001\`, key \`app-key\`, secret \`app-secret\`. Everybody knows that secret, so the server accepts it on
loopback only. \`sealcast keys --out sealcast.json\` writes a file with credentials of your own.

| Name | |
|---|---|
${Object.entries(appCredentials)
  .map(([name, schema]) => `| \`${name}\` | ${schema.description ?? ""} |`)
  .join("\n")}

${table(appSettings.shape)}

\`\`\`json
{
  "host": "127.0.0.1",
  "port": 6001,
  "apps": [
    { "id": "1001", "key": "app-key", "secret": "app-secret", "clientEvents": true, "maxEventBytes": 65536 }
  ]
}
\`\`\`

## Limits

What each limit protects, who pays when it is reached, and the answer that they get. The limit of one client never costs another
client anything. [operation.md](operation.md#limits-that-are-no-options) lists the limits that cannot be changed.

| Limit | Protects | Who pays | Answer |
|---|---|---|---|
${[...Object.entries<Setting>(serverSettings.shape), ...Object.entries<Setting>(appSettings.shape)].flatMap(limitRow).join("\n")}
`;
}

function table(settings: Readonly<Record<string, Setting>>): string {
  const rows = Object.entries(settings).map(([name, setting]) => {
    const { doc, expected } = settingFacts(setting);
    return `| \`${name}\` | ${code(setting.parse(undefined))} | ${doc} Valid: ${expected}. |`;
  });
  return `| Name | Default | |\n|---|---|---|\n${rows.join("\n")}`;
}

function limitRow([name, setting]: readonly [string, Setting]): string[] {
  const { limit } = settingFacts(setting);
  return limit === undefined ? [] : [`| \`${name}\` | ${limit.protects} | ${limit.pays} | ${limit.answer} |`];
}

function code(value: unknown): string {
  return `\`${typeof value === "string" && value !== "" ? value : JSON.stringify(value)}\``;
}
