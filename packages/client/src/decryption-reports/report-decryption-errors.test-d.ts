// Both clients have what the function uses, also with types of channels.
import { Pusher } from "../compat/pusher-js.ts";
import { Sealcast } from "../sealcast.ts";
import { reportDecryptionErrors } from "./report-decryption-errors.ts";

interface Channels {
  readonly "private-encrypted-orders": { readonly paid: { readonly id: number } };
}

reportDecryptionErrors(new Pusher("app-key", { cluster: "self" }));
reportDecryptionErrors(new Sealcast<Channels>("app-key", { url: "ws://127.0.0.1:6001" }));
