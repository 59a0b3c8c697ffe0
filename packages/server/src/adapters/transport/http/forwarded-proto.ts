/** Whether `X-Forwarded-Proto` says TLS. A chain of proxies makes a list, the client's leg first. */
export function isHttps(forwarded: string | undefined): boolean {
  const protocol = forwarded?.split(",", 1)[0]?.trim().toLowerCase();
  return protocol === "https" || protocol === "wss";
}
