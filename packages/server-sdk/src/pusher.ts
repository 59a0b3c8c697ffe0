/*
 * The drop-in for the official `pusher` package: `import Pusher from "@sealcast/server-sdk/pusher"`, or `require` of it.
 * `require` returns the export with the second name.
 */
// oxlint-disable-next-line import/no-default-export -- the official package has one
export { Pusher as default, Pusher as "module.exports" } from "./pusher/pusher.ts";
