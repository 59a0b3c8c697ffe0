/** Returns the frame that tells a client why its session ends. */
export function closeFrame(code: number, reason: string): string {
  return `c${JSON.stringify([code, reason])}`;
}
