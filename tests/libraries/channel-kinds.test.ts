import { channelKindRows } from "./rows/channel-kind-rows.ts";
import { laravelEcho } from "./laravel-echo-client.ts";
import { pusherJs } from "./pusher-js-client.ts";
import { rawSocket } from "./raw-socket-client.ts";

for (const library of [pusherJs, laravelEcho, rawSocket]) channelKindRows(library);
