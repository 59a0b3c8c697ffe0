import { appOptions, appsVariable, environmentName, fileVariable, flagName, serverOptions } from "@sealcast/server";

/** The text of `docs/configuration.md`, made from the tables of options. */
export function configurationPage(): string {
  const options = Object.entries(serverOptions).map(
    ([key, option]) =>
      `| \`${key}\` | \`--${flagName(key)}\` | \`${environmentName(key)}\` | ${code(option.default)} | ${option.doc} Wanted: ${option.wanted}. |`,
  );
  const settings = Object.entries(appOptions).map(
    ([key, option]) => `| \`${key}\` | ${code(option.default)} | ${option.doc} Wanted: ${option.wanted}. |`,
  );
  return `# Configuration

Made from the tables of options in \`packages/server/src/config\`; \`npx vitest run tests/repository -u\` writes it anew.

Flags of \`sealcast start\` win over environment variables, these over the file, the file over defaults. The file is JSON;
\`--config FILE\` or \`${fileVariable}\` names it. Unknown names and bad values stop the start with the full list of problems.
While the server runs it looks at the file once a second. Apps are taken over at once: new connections and requests get
the new settings, open connections keep theirs but for secrets. The connections of an app that is gone or disabled are
closed. Options of the process wait for a restart. A file with problems changes nothing and has them logged.

## Options of the process

| In the file | Flag | Environment | Default | |
|---|---|---|---|---|
${options.join("\n")}

## Apps

\`apps\` in the file is a list; \`${appsVariable}\` holds the same list as JSON. Without either there is one app for
development: id \`1001\`, key \`app-key\`, secret \`app-secret\`. Everybody knows that secret, so the server refuses it on any
address but loopback. \`sealcast keys\` prints a file with credentials of your own.

| Setting | Default | |
|---|---|---|
| \`id\` | | In the paths of the HTTP API. Digits, for the official Python library. |
| \`key\` | | Public: clients send it. |
| \`secret\` | | Signs requests and subscriptions. |
| \`keys\` | \`[]\` | Further live pairs of \`key\` and \`secret\`, so that a secret can be changed without a gap: add the new pair, move publishers and auth endpoints over, then make it the first pair and drop the old one. |
${settings.join("\n")}

\`\`\`json
{
  "host": "127.0.0.1",
  "port": 6001,
  "apps": [
    { "id": "1001", "key": "app-key", "secret": "app-secret", "clientEvents": true, "maxEventBytes": 65536 }
  ]
}
\`\`\`
`;
}

function code(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}
