import { sign } from "#signature";
import { constantTimeEqual } from "@sealcast/crypto";

/** Key and secret of an app, as the official library exports them. */
export class Token {
  key: string;
  secret: string;

  constructor(key: string, secret: string) {
    this.key = key;
    this.secret = secret;
  }

  /** Signs a text with the secret. */
  sign(string: string): string {
    return sign(this.secret, string);
  }

  /** Whether a signature is that of a text, compared in constant time. */
  verify(string: string, signature: string): boolean {
    return constantTimeEqual(this.sign(string), signature);
  }
}
