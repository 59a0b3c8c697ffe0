/** What the snippets need to know of the server. */
export interface SnippetValues {
  readonly appId: string;
  readonly key: string;
  readonly host: string;
  readonly port: string;
  readonly secure: boolean;
}

/** A short program in one language. */
export interface Snippet {
  readonly id: string;
  readonly label: string;
  readonly code: (values: SnippetValues) => string;
}

/** Clients that subscribe to `my-channel`. */
export const clientSnippets: readonly Snippet[] = [
  {
    id: "sealcast",
    label: "@sealcast/client",
    code: ({ key, host, port, secure }) =>
      [
        'import { Sealcast } from "@sealcast/client";',
        "",
        `const client = new Sealcast(${text(key)}, { url: ${text(`${secure ? "https" : "http"}://${host}:${port}`)} });`,
        'client.subscribe("my-channel").bind("my-event", (data) => console.log(data));',
      ].join("\n"),
  },
  {
    id: "pusher-js",
    label: "pusher-js",
    code: ({ key, host, port, secure }) =>
      [
        'import Pusher from "pusher-js";',
        "",
        `const client = new Pusher(${text(key)}, {`,
        `  wsHost: ${text(host)},`,
        `  ${secure ? "wssPort" : "wsPort"}: ${port},`,
        `  forceTLS: ${secure},`,
        '  enabledTransports: ["ws", "wss"],',
        '  cluster: "self",',
        "});",
        'client.subscribe("my-channel").bind("my-event", (data) => console.log(data));',
      ].join("\n"),
  },
  {
    id: "echo",
    label: "Laravel Echo",
    code: ({ key, host, port, secure }) =>
      [
        'import Echo from "laravel-echo";',
        'import Pusher from "pusher-js";',
        "",
        "const echo = new Echo({",
        '  broadcaster: "pusher",',
        "  Pusher,",
        `  key: ${text(key)},`,
        `  wsHost: ${text(host)},`,
        `  ${secure ? "wssPort" : "wsPort"}: ${port},`,
        `  forceTLS: ${secure},`,
        '  enabledTransports: ["ws", "wss"],',
        '  cluster: "self",',
        "});",
        'echo.channel("my-channel").listen(".my-event", (data) => console.log(data));',
      ].join("\n"),
  },
];

/** Backends that publish `my-event`. The app's secret is not shown; the operator has it. */
export const serverSnippets: readonly Snippet[] = [
  {
    id: "sealcast",
    label: "@sealcast/server-sdk",
    code: (values) => nodeProgram('import { Sealcast } from "@sealcast/server-sdk";', "Sealcast", values, values.port),
  },
  {
    id: "node",
    label: "pusher (Node.js)",
    code: (values) => nodeProgram('import Pusher from "pusher";', "Pusher", values, text(values.port)),
  },
  {
    id: "php",
    label: "PHP, Laravel",
    code: ({ appId, key, host, port, secure }) =>
      [
        "BROADCAST_CONNECTION=pusher",
        `PUSHER_APP_ID=${appId}`,
        `PUSHER_APP_KEY=${key}`,
        "PUSHER_APP_SECRET=…",
        `PUSHER_HOST=${host}`,
        `PUSHER_PORT=${port}`,
        `PUSHER_SCHEME=${secure ? "https" : "http"}`,
      ].join("\n"),
  },
  {
    id: "python",
    label: "Python",
    code: ({ appId, key, host, port, secure }) =>
      [
        "import os, pusher",
        "",
        "client = pusher.Pusher(",
        `    app_id=${text(appId)}, key=${text(key)}, secret=os.environ["PUSHER_SECRET"],`,
        `    host=${text(host)}, port=${port}, ssl=${secure ? "True" : "False"},`,
        ")",
        'client.trigger("my-channel", "my-event", {"message": "Hello"})',
      ].join("\n"),
  },
  {
    id: "ruby",
    label: "Ruby",
    code: ({ appId, key, host, port, secure }) =>
      [
        'require "pusher"',
        "",
        "client = Pusher::Client.new(",
        `  app_id: ${text(appId)}, key: ${text(key)}, secret: ENV.fetch("PUSHER_SECRET"),`,
        `  host: ${text(host)}, port: ${port}, use_tls: ${secure}`,
        ")",
        'client.trigger("my-channel", "my-event", { message: "Hello" })',
      ].join("\n"),
  },
  {
    id: "go",
    label: "Go",
    code: ({ appId, key, host, port, secure }) =>
      [
        'import "github.com/pusher/pusher-http-go/v5"',
        "",
        "client := pusher.Client{",
        `  AppID: ${text(appId)}, Key: ${text(key)}, Secret: os.Getenv("PUSHER_SECRET"),`,
        `  Host: ${text(`${host}:${port}`)}, Secure: ${secure},`,
        "}",
        'err := client.Trigger("my-channel", "my-event", map[string]string{"message": "Hello"})',
      ].join("\n"),
  },
];

/** @param port as the library wants it: a number or a string. */
function nodeProgram(
  importLine: string,
  library: string,
  { appId, key, host, secure }: SnippetValues,
  port: string,
): string {
  return [
    importLine,
    "",
    `const backend = new ${library}({`,
    `  appId: ${text(appId)},`,
    `  key: ${text(key)},`,
    "  secret: process.env.PUSHER_SECRET,",
    `  host: ${text(host)},`,
    `  port: ${port},`,
    `  useTLS: ${secure},`,
    "});",
    'await backend.trigger("my-channel", "my-event", { message: "Hello" });',
  ].join("\n");
}

/** A value as a quoted string, which all of these languages read alike. */
function text(value: string): string {
  return JSON.stringify(value);
}
