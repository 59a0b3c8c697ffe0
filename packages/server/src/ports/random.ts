/** Unpredictable numbers. */
export interface Random {
  /** A whole number from 0 to `limit` - 1, out of a cryptographic source; `limit` is at most 2^31. */
  below(limit: number): number;
}
