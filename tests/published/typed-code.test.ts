import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../fixtures/repository.ts";

/** What applications write that are typed against pusher-js. */
const program = `
import Pusher from "LIBRARY";
import {
  type AuthorizerCallback, Authorizer, AuthorizerGenerator, AuthOptions, Channel, ChannelAuthorizationCallback,
  ChannelAuthorizationHandler, ChannelAuthorizationOptions, ChannelAuthorizerGenerator, ConnectionManager,
  DeprecatedAuthOptions, Members, Options, PresenceChannel, Runtime, UserAuthenticationCallback,
  UserAuthenticationHandler, UserAuthenticationOptions,
} from "LIBRARY";
import type PusherClient from "LIBRARY";

interface Info { name: string; avatar?: string }
interface Headers { Authorization: string }

export const authorizer: AuthorizerGenerator = (channel, options) => ({
  authorize(socketId, callback) {
    const request = { method: "POST", headers: options.auth?.headers, body: socketId + channel.name };
    fetch(options.authEndpoint, request).then((answer) => answer.json()).then((data: { auth: string }) => callback(null, data))
      .catch((error: Error) => callback(error, null));
  },
});
export const sameGenerator: ChannelAuthorizerGenerator = authorizer;
export const oldGenerator = (channel: Channel, options: { authEndpoint: string; authTransport: "ajax" | "jsonp"; auth?: AuthOptions }): Authorizer => ({
  authorize: (socketId: string, callback: AuthorizerCallback) =>
    callback(null, { auth: socketId + channel.name + options.authEndpoint, channel_data: "" }),
});
export const deprecated: DeprecatedAuthOptions = { params: { a: 1 }, headers: { b: "2" } };
export const handler: ChannelAuthorizationHandler = ({ socketId, channelName }, callback) => {
  callback(null, { auth: socketId + channelName, shared_secret: "x" });
};
export const userHandler: UserAuthenticationHandler = (params, callback) => callback(null, { auth: params.socketId, user_data: "{}" });
export const answered: ChannelAuthorizationCallback = (error, data) => [error?.message, data?.auth.length, data?.channel_data, data?.shared_secret];
export const userAnswered: UserAuthenticationCallback = (error, data) => [error, data?.user_data];
export const userAuthentication: UserAuthenticationOptions = { customHandler: userHandler };
export const ownHandler: ChannelAuthorizationOptions = { customHandler: handler };
const headers: Headers = { Authorization: "Bearer" };
export const channelAuthorization: ChannelAuthorizationOptions = {
  transport: "ajax", endpoint: "/auth", headers, params: { z: 1 }, headersProvider: () => headers, paramsProvider: () => ({ q: 1 }),
};

const options: Options = {
  cluster: "eu", authorizer: oldGenerator, auth: deprecated, authEndpoint: "/a", authTransport: "ajax", disabledTransports: ["sockjs"],
  enableStats: false, timelineParams: { a: 1 }, channelAuthorization, userAuthentication,
};
options.wsHost = "localhost";
options.wsPort = 6001;
options.enabledTransports = ["ws", "wss"];
options.enabledTransports.push("xhr_polling");
export const more: Partial<Options> = {};
more.forceTLS = true;
deprecated.headers.Authorization = "Bearer";
if (options.channelAuthorization && "endpoint" in options.channelAuthorization) options.channelAuthorization.endpoint = "/other";

Pusher.logToConsole = true;
Pusher.log = (message) => console.log(message);
Pusher.log = (message: string) => console.log(message);
export const instances: Pusher[] = Pusher.instances;
const pusher = new Pusher("key", options);
export const client: PusherClient | null = pusher;
export class MyPusher extends Pusher { constructor() { super("key", { cluster: "eu" }); } }

const channel: Channel = pusher.subscribe("news");
export const again: Channel = pusher.channel("news");
pusher.channel("news").bind("e", () => {});
export const all: Channel[] = pusher.allChannels();
channel.bind("e", (data: any) => console.log(data)).bind("e", (data: { a: string }) => console.log(data), { context: 1 });
channel.bind("e", function (this: Window, data: { a: string }) { console.log(this, data); });
channel.bind("e", (data: { a: string }, metadata: { user_id: string }) => console.log(data, metadata.user_id));
channel.bind("pusher:subscription_error", (error: { type: string; status: number }) => console.log(error));
channel.bind("pusher:subscription_count", (data: { subscription_count: number }) => console.log(data, channel.subscriptionCount));
channel.unbind("e").unbind().unbind("e", () => {}).unbind(undefined, () => {}).unbind_all().unbind_global().unbind_global(() => {});
channel.bind_global((event: string, data: any) => console.log(event, data));
export const triggered: boolean = channel.trigger("client-x", { a: 1 });
export const back: Pusher = channel.pusher;
export const flags: boolean = channel.subscribed && channel.subscriptionPending && channel.subscriptionCancelled;
channel.emit("e", { a: 1 });
channel.handleEvent({ event: "x", data: {} });

const presence = pusher.subscribe("presence-x") as PresenceChannel;
export const plain: Channel = presence;
presence.bind("pusher:subscription_succeeded", (members: Members) => {
  members.each((member: { id: string; info: Info }) => console.log(member.info.name));
  members.each(({ id, info }: { id: string; info: Info }) => console.log(id, info.name));
  members.each((member: any) => console.log(member.info.name));
  const me: Info = members.me.info;
  const id: string = members.myID;
  const count: number = members.count;
  const infos: Info[] = Object.values(members.members);
  console.log(me, id, count, infos, members.get("x").info.name, Object.keys(members.members).map((key) => members.members[key].name));
});
presence.bind("pusher:member_added", (member: { id: string; info: Info }) => console.log(presence.members.me.id, member));
export const members: Record<string, Info> = presence.members.members;

const connection: ConnectionManager = pusher.connection;
connection.bind("state_change", (states: { previous: string; current: string }) => console.log(states));
connection.bind("error", (error: any) => { if (error.error.data.code === 4004) console.log("limit"); });
export const state: string = pusher.connection.state;
export const socketId: string = pusher.connection.socket_id;
export const usesTls: boolean = connection.isUsingTLS();
connection.connect(); connection.disconnect(); connection.unbind().unbind_all(); connection.send_event("a", {}, "c");

pusher.signin();
pusher.user.bind("x", (data: { m: string }) => data.m);
export const userId: string = pusher.user.user_data.id;
export const userName: string = pusher.user.user_data.user_info.name;
pusher.user.watchlist.bind("online", (event: { name: string; user_ids: string[] }) => event.user_ids);
pusher.user.signinDonePromise.then(() => {});

pusher.bind("e", (data: any) => data).bind_global((event: string, data: any) => [event, data]).unbind("e").unbind_global().unbind_all();
pusher.global_emitter.bind("x", () => {});
pusher.send_event("e", {}, "c");
pusher.channels.all().forEach((one) => one.name);
pusher.channels.find("x").bind("a", () => {});
console.log(pusher.channels.channels["x"].name, pusher.config.wsHost, pusher.config.activityTimeout, pusher.options.cluster, pusher.key, pusher.sessionID);
pusher.shouldUseTLS(); pusher.subscribeAll(); pusher.switchCluster({ appKey: "a", cluster: "b" });
pusher.unsubscribe("x"); pusher.connect(); pusher.disconnect();
export type Subscribed = ReturnType<Pusher["subscribe"]>;
export type Ours = [Runtime, Pusher["connection"]];
`;

/** Laravel Echo with the drop-in, in a project that has `pusher-js`, too. */
const echoProgram = `
import Echo from "laravel-echo";
import Pusher from "@sealcast/client/pusher-js";

const options = { cluster: "own", wsHost: "127.0.0.1", wsPort: 6001, forceTLS: false };
const withClient = new Echo({ broadcaster: "pusher", client: new Pusher("app-key", options) });
const withClass = new Echo({ broadcaster: "pusher", key: "app-key", ...options, Pusher: Pusher as never });
for (const echo of [withClient, withClass]) {
  echo.private("orders").listen("OrderPaid", (order: { id: number }) => console.log(order.id));
  echo.join("room").here((members: { id: number }[]) => console.log(members.length));
}
`;

test.each([
  ["a program typed against pusher-js compiles with pusher-js", "pusher-js", true, program],
  ["a program typed against pusher-js compiles with pusher-js", "pusher-js", false, program],
  ["a program typed against pusher-js compiles with the drop-in", "@sealcast/client/pusher-js", true, program],
  ["a program typed against pusher-js compiles with the drop-in", "@sealcast/client/pusher-js", false, program],
  ["Laravel Echo compiles with the drop-in beside pusher-js", "@sealcast/client/pusher-js", true, echoProgram],
] as const)(
  "%s (%s), strict: %s",
  (_, library, strict, text) => {
    const cache = join(root, "node_modules/.cache");
    mkdirSync(cache, { recursive: true });
    const place = mkdtempSync(join(cache, "typed-"));
    try {
      writeFileSync(join(place, "program.ts"), text.replaceAll("LIBRARY", library));
      const compilerOptions = {
        strict,
        noEmit: true,
        skipLibCheck: true,
        allowImportingTsExtensions: true,
        types: [],
        target: "es2022",
        module: "esnext",
        moduleResolution: "bundler",
        lib: ["es2023", "dom", "dom.iterable"],
        customConditions: ["@sealcast/source"],
      };
      writeFileSync(join(place, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
      const tsc = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", place, "--pretty", "false"], { cwd: place });
      // Without `strict` the sources, which stand for the published types here, have problems of their own.
      expect(tsc.stdout.toString().match(/^program\.ts.*/gm)).toBeNull();
      expect(tsc.error).toBeUndefined();
    } finally {
      rmSync(place, { recursive: true });
    }
  },
  60_000,
);
