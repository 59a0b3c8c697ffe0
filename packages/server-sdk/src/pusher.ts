/*
 * The drop-in for the official `pusher` package: `import Pusher from "@sealcast/server-sdk/pusher"`. In CommonJS,
 * `require("@sealcast/server-sdk/pusher")` returns the class itself.
 */
// oxlint-disable-next-line import/no-default-export -- the official package has one
export { Pusher as default } from "./pusher/pusher.ts";
