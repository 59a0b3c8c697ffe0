/** Encrypts secrets for storage. */
export interface SecretBox {
  /**
   * @param owner what the secret belongs to; a stored secret cannot be moved to another owner.
   */
  seal(secret: string, owner: string): string;
  /** Returns the secret, or undefined if no key of this box opens it for this owner. */
  open(stored: string, owner: string): string | undefined;
  /** Whether `seal` would store a secret in the same form: encrypted under the same key, or not encrypted. */
  isCurrent(stored: string): boolean;
}
