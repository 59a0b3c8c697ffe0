import { openBox, type OpenedPayload } from "@sealcast/crypto";
import type { EncryptionModule } from "../channels/event-decryptor.ts";
import { fieldsOf, textOf } from "../untrusted.ts";
import { decodeBase64 } from "./decode-base64.ts";
import { createEventPipeline } from "./event-pipeline.ts";
import { createSecretRing } from "./secret-ring.ts";

/** An event as it came from the server, with only those fields of its data that decryption reads. */
interface EncryptedEvent {
  readonly event: string;
  readonly data: { readonly nonce: unknown; readonly ciphertext: unknown };
}

/** Longest ciphertext, in characters of base64: the most that a server can be configured to carry. */
const longestCiphertext = 1_048_576;
/** Longest key or nonce, in characters of base64. */
const longestSecret = 44;

const now = (): number => performance.now();

/** Creates the decryptor of one channel with the official encryption. */
export const createDecryptor: EncryptionModule["createDecryptor"] = (
  _channel,
  _encryption,
  settings,
  counters,
  ports,
) => {
  const ring = createSecretRing((text) => decodeBase64(text, longestSecret));
  const pipeline = createEventPipeline<EncryptedEvent, OpenedPayload & { ok: true }>(settings, counters, ports, {
    open: ({ data }): OpenedPayload => {
      const nonce = decodeBase64(data.nonce, longestSecret);
      const ciphertext = decodeBase64(data.ciphertext, longestCiphertext);
      return nonce && ciphertext ? openBox(ring.secrets(now()), nonce, ciphertext) : { ok: false, reason: "malformed" };
    },
    isFinal: (reason) => reason === "malformed",
    deliver({ event }, { plaintext }, late) {
      counters.opened += 1;
      if (late) counters.late += 1;
      ports.deliver(event, plaintext.value, late ? { late } : {});
      return undefined;
    },
  });

  return {
    addSecrets({ secrets, refreshMs, switchMs }) {
      pipeline.keysAdded(ring.add(secrets, now()), refreshMs, switchMs);
    },
    refreshFailed: () => pipeline.refreshFailed(),
    receive(event, sent) {
      const { nonce, ciphertext } = fieldsOf(sent);
      pipeline.push({ event, data: { nonce, ciphertext } }, event.length + textOf(ciphertext).length);
    },
    sealingKey: () => (pipeline.canSeal() ? ring.secrets(now())[0] : undefined),
    wipe() {
      ring.clear();
      pipeline.stop();
    },
  };
};
