// Programs that the rows run. Each opens one encrypted event from the real server and then says OPENED.
import { channel } from "./world.mjs";

/** How a client reaches the server and the backend. */
function settings({ port, authPort }) {
  return {
    modern: `{ url: "ws://127.0.0.1:${port}", channelAuthorization: { endpoint: "http://127.0.0.1:${authPort}/auth" } }`,
    dropIn: `{ cluster: "own", wsHost: "127.0.0.1", wsPort: ${port}, forceTLS: false,
      channelAuthorization: { endpoint: "http://127.0.0.1:${authPort}/auth", transport: "ajax" } }`,
  };
}

/** The body of a program that has `Sealcast` and `Pusher`; calls `opened(name)` for each client. */
export function openWithBoth(world) {
  const { modern, dropIn } = settings(world);
  return `
const clients = { modern: new Sealcast("app-key", ${modern}), "drop-in": new Pusher("app-key", ${dropIn}) };
for (const [name, client] of Object.entries(clients)) {
  client.subscribe("${channel}").bind("greeting", ({ text }) => {
    if (text !== "hello") throw new Error("The text is " + text);
    client.disconnect();
    opened(name);
  });
}
`;
}

const sayOpened = `
const done = new Set();
const opened = (name) => {
  done.add(name);
  if (done.size === 2) console.log("OPENED");
};
`;

/** A program for a runtime: both clients, both server libraries, and the cipher. */
export function runtimeProgram(world, kind) {
  const load = (names, from) =>
    kind === "import"
      ? `import ${names} from "${from}";`
      : `const ${names.replace(" as ", ": ")} = require("${from}");`;
  return `
${load("{ Sealcast }", "@sealcast/client")}
${load("Pusher", "@sealcast/client/pusher-js")}
${load("{ Sealcast as Backend }", "@sealcast/server-sdk")}
${load("Server", "@sealcast/server-sdk/pusher")}
${load("{ deriveChannelKey }", "@sealcast/crypto")}
const app = { appId: "1001", key: "app-key", secret: "app-secret", host: "127.0.0.1", port: ${world.port}, useTLS: false };
const options = { ...app, encryptionMasterKeyBase64: "${world.masterKey}" };
const derived = deriveChannelKey(Uint8Array.from(atob("${world.masterKey}"), (c) => c.charCodeAt(0)), "${channel}");
for (const secret of [new Backend(options).channelSharedSecret("${channel}"), new Server(options).channelSharedSecret("${channel}")]) {
  if (String([...secret]) !== String([...derived])) throw new Error("The libraries derive different keys");
}
new Server(options).trigger("${channel}", "greeting", { text: "hello" });
${sayOpened}
${openWithBoth(world)}
`;
}

/** A program for a page: marks the page's title, and with a worker the worker opens one, too. */
export function pageProgram(world, { worker = "" } = {}) {
  return `
import { Sealcast } from "@sealcast/client";
import Pusher from "@sealcast/client/pusher-js";
const done = new Set();
const expected = ${worker === "" ? 2 : 3};
const opened = (name) => {
  done.add(name);
  document.title = done.size === expected ? "OPENED" : [...done].join();
};
${openWithBoth(world)}
${worker}
`;
}

/** A program for a web worker: sends a message to its page. @param entry the entry of the drop-in. */
export function workerProgram(world, entry = "@sealcast/client/pusher-js") {
  const { dropIn } = settings(world);
  return `
import Pusher from "${entry}";
const client = new Pusher("app-key", ${dropIn});
client.subscribe("${channel}").bind("greeting", ({ text }) => {
  client.disconnect();
  postMessage(text);
});
`;
}

/** A program for React Native, with the globals that React Native itself installs. */
export function reactNativeProgram(world) {
  return `
Object.assign(globalThis, require("abort-controller/dist/abort-controller"), require("react-native/Libraries/Blob/URL"));
const { Sealcast } = require("@sealcast/client");
const Pusher = require("@sealcast/client/pusher-js");
${sayOpened}
${openWithBoth(world)}
`;
}

/** Runs a bundle in a context that has only what React Native has: no \`TextDecoder\`, no \`crypto\`, no \`document\`. */
export const reactNativeHost = `
const { readFileSync } = require("node:fs");
const vm = require("node:vm");
const { WebSocket } = require("ws");
const { setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask } = globalThis;
const { console, performance, fetch, Headers, Response, atob, btoa } = globalThis;
const native = { setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask, console, performance };
Object.assign(native, { fetch, Headers, Response, atob, btoa, WebSocket, nativeFlushQueueImmediate() {} });
Object.assign(native, { __fbBatchedBridgeConfig: { remoteModuleConfig: [] }, window: native, self: native, global: native });
vm.runInNewContext(readFileSync("out.js", "utf8"), native);
`;

/** A test for a runner with \`test\` and promises. */
export function testProgram(world, { kind = "import", before = "" } = {}) {
  const load =
    kind === "import"
      ? `import { Sealcast } from "@sealcast/client";\nimport Pusher from "@sealcast/client/pusher-js";\nimport { Sealcast as Backend } from "@sealcast/server-sdk";`
      : `const { Sealcast } = require("@sealcast/client");\nconst Pusher = require("@sealcast/client/pusher-js");\nconst { Sealcast: Backend } = require("@sealcast/server-sdk");`;
  return `
${load}
${before}
test("an encrypted event is opened", () => new Promise((resolve) => {
  new Backend({ appId: "1001", key: "app-key", secret: "app-secret" }).authorizeChannel("1.2", "private-a");
  const done = new Set();
  const opened = (name) => {
    done.add(name);
    if (done.size === 2) resolve();
  };
  ${openWithBoth(world)}
}));
`;
}
