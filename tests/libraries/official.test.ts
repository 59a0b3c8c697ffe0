// The official client libraries, and plain sockets, against the server.
import { PusherJs } from "../fixtures/pusher-js.ts";
import { laravelEcho } from "./laravel-echo-client.ts";
import { pusherJs } from "./pusher-js-client.ts";
import { rawSocket } from "./raw-socket-client.ts";
import { channelKindRows } from "./rows/channel-kind-rows.ts";
import { pusherJsRows } from "./rows/pusher-js-rows.ts";

channelKindRows(pusherJs("pusher-js", PusherJs));
channelKindRows(laravelEcho("laravel-echo", PusherJs));
channelKindRows(rawSocket);
await pusherJsRows("pusher-js", PusherJs);
