import { Sealcast as Client } from "@sealcast/client";
import { generateMasterKey, type SealedOptions } from "@sealcast/server-sdk";
import { CommandFailure } from "../command-failure.ts";
import { createApi } from "../target/create-api.ts";
import { readMasterKey, type MasterKeyOptions } from "../target/master-key.ts";
import { untilInterrupted } from "../until-interrupted.ts";
import { readSealedKeys, type SealedKeyOptions } from "../target/sealed-keys.ts";
import { resolveTarget, type TargetOptions } from "../target/resolve-target.ts";
import { eventLine } from "./event-line.ts";
import { listen, listenToCiphertext, type ChannelListener } from "./listen.ts";

/** Options of `subscribe`. */
interface SubscribeOptions extends TargetOptions, MasterKeyOptions, SealedKeyOptions {
  readonly json?: boolean;
  readonly decrypt?: boolean;
  readonly event?: string;
  readonly count?: number;
  readonly userId: string;
}

/** Prints the events of channels until the process is interrupted, or until `count` events are printed. */
export async function runSubscribe(channels: readonly string[], options: SubscribeOptions): Promise<void> {
  const target = await resolveTarget(options);
  const decrypts = options.decrypt === true;
  const masterKey = decrypts ? await readMasterKey(options) : undefined;
  const sealed = decrypts ? await readSealedKeys(options) : undefined;
  if (decrypts) checkKeys(channels, masterKey, sealed);
  // Without the master key, any other one signs the subscription as well: the server checks only the signature.
  const api = await createApi(target, masterKey ?? generateMasterKey(), sealed);
  const client = new Client(target.key, {
    url: target.socketUrl,
    autoConnect: false,
    sealed: sealed !== undefined,
    channelAuthorization: {
      customHandler: ({ channelName, socketId }) =>
        Promise.resolve(api.authorizeChannel(socketId, channelName, { user_id: options.userId })),
    },
  });
  await new Promise<void>((resolve, reject) => {
    let printed = 0;
    const listener: ChannelListener = {
      received(event) {
        if (/^pusher(_internal)?:/.test(event.event) || (options.event !== undefined && options.event !== event.event))
          return;
        process.stdout.write(eventLine(event, options.json));
        printed += 1;
        if (printed === options.count) resolve();
      },
      subscribed: (channel) => process.stderr.write(`Subscribed to ${channel}.\n`),
      refused: (channel, reason) => {
        reject(new CommandFailure(`The subscription to ${channel} was refused: ${reason}.`));
      },
    };
    client.connection.bind("error", (error) => {
      if (error.type !== "PusherError") return;
      const { code, message } = error.data;
      // Codes from 4000 to 4099 are final: the client does not connect again.
      if (code !== null && code >= 4000 && code < 4100)
        reject(new CommandFailure(`${message ?? "Refused"} (${code}).`));
    });
    for (const name of channels) {
      if (name.startsWith("private-encrypted-") && masterKey === undefined) {
        listenToCiphertext(client, api, name, listener);
      } else listen(client, name, listener);
    }
    void untilInterrupted().then(resolve);
    client.connect();
  }).finally(() => client.disconnect());
}

/** Fails if a channel cannot be decrypted. */
function checkKeys(
  channels: readonly string[],
  masterKey: string | undefined,
  sealed: SealedOptions | undefined,
): void {
  if (sealed === undefined && channels.some((name) => /^(private|presence)-(cache-)?sealed-/.test(name))) {
    throw new CommandFailure("--decrypt needs the keys of sealed channels: use --sealed-file FILE.");
  }
  if (
    masterKey === undefined &&
    (sealed === undefined || channels.some((name) => name.startsWith("private-encrypted-")))
  ) {
    throw new CommandFailure("--decrypt needs the master key: set SEALCAST_MASTER_KEY, or use --master-key-file FILE.");
  }
}
