/** Turns passwords into texts that can be kept, and compares passwords with them. */
export interface PasswordHasher {
  /** Hashes a password with a new salt. The result has no line break and no space. */
  hash(password: string): Promise<string>;
  /** Whether `hash` was made from this password. Returns false for a text that is no hash; never rejects. */
  matches(password: string, hash: string): Promise<boolean>;
}
