import { sign } from "#signature";
import { constantTimeEqual } from "@sealcast/crypto";

/** Key and secret of an app, as in the official library. */
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

  /** Returns whether a signature is the one of a text. Compares in constant time. */
  verify(string: string, signature: string): boolean {
    return constantTimeEqual(this.sign(string), signature);
  }
}
