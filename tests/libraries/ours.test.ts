// The tables of the official client libraries, with our drop-in in place of pusher-js.
import { OurPusherJs } from "../fixtures/our-pusher-js.ts";
import { laravelEcho } from "./laravel-echo-client.ts";
import { pusherJs } from "./pusher-js-client.ts";
import { channelKindRows } from "./rows/channel-kind-rows.ts";
import { pusherJsRows } from "./rows/pusher-js-rows.ts";

channelKindRows(pusherJs("@sealcast/client/pusher-js", OurPusherJs));
channelKindRows(laravelEcho("laravel-echo on @sealcast/client/pusher-js", OurPusherJs));
await pusherJsRows("@sealcast/client/pusher-js", OurPusherJs);
