import { lookup } from "node:dns/promises";
import { connect as connectTcp, isIP } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { Check, CheckContext } from "../check.ts";
import { ok, problem, skipped, warning, type Finding } from "../finding.ts";
import { reasonOf } from "../http-probe.ts";

const timeoutMs = 10_000;
const dayMs = 86_400_000;

/** Checks below HTTP: name, port, certificate. */
export const networkChecks: readonly Check[] = [
  {
    id: "dns",
    title: "Host name",
    needs: [],
    async run({ target }) {
      const host = hostOf(target.httpUrl);
      try {
        const addresses = await lookup(host, { all: true });
        return ok(`${host} is ${addresses.map(({ address }) => address).join(", ")}`);
      } catch (error) {
        const reason = error instanceof Error ? reasonOf(error) : "";
        return problem(`${host}: ${reason}`, "Correct the host in the URL of the app, or add a DNS record for it.");
      }
    },
  },
  {
    id: "port",
    title: "Port",
    needs: ["dns"],
    run: ({ target }) => checkPort(new URL(target.httpUrl)),
  },
  {
    id: "tls",
    title: "TLS certificate",
    needs: ["port"],
    run: checkCertificate,
  },
];

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[(.+)\]$/, "$1");
}

function portOf({ protocol, port }: URL): number {
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

function checkPort(url: URL): Promise<Finding> {
  const port = portOf(url);
  return new Promise((resolve) => {
    const socket = connectTcp({ host: hostOf(url.href), port, timeout: timeoutMs });
    const fail = (reason: string): void => {
      socket.destroy();
      resolve(problem(`${port}: ${reason}`, "Start the server or the proxy, or open the port in the firewall."));
    };
    socket.once("connect", () => {
      socket.destroy();
      resolve(ok(`${port} is open`));
    });
    socket.once("timeout", () => fail("no answer: a firewall may drop the packets"));
    socket.once("error", (error: NodeJS.ErrnoException) => fail(reasonOf(error)));
  });
}

function checkCertificate({ target }: CheckContext): Promise<Finding> {
  const url = new URL(target.httpUrl);
  const host = hostOf(url.href);
  if (url.protocol === "http:") {
    const isLocal = host === "localhost" || host === "::1" || host.startsWith("127.");
    const fix =
      "Pages on https cannot open plain connections. Put a proxy with TLS in front, and use https in the URL.";
    return Promise.resolve(isLocal ? skipped("not used on this machine") : warning("not used", fix));
  }
  return new Promise((resolve) => {
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket = connectTls({
      host,
      port: portOf(url),
      rejectUnauthorized: false,
      timeout: timeoutMs,
      ...servername,
    });
    socket.once("secureConnect", () => {
      resolve(certificateFinding(socket, Date.now()));
      socket.destroy();
    });
    socket.once("timeout", () => {
      socket.destroy();
      resolve(problem("no TLS handshake within 10 seconds", "Check that this port of the proxy has TLS."));
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      resolve(problem(`no TLS handshake: ${reasonOf(error)}`, "Check that this port of the proxy has TLS."));
    });
  });
}

function certificateFinding(socket: TLSSocket, nowMs: number): Finding {
  const { valid_to: validTo } = socket.getPeerCertificate();
  const daysLeft = Math.floor((Date.parse(validTo) - nowMs) / dayMs);
  if (daysLeft < 0) return problem(`expired on ${validTo}`, "Renew the certificate, and reload the proxy.");
  if (!socket.authorized) {
    const reason = certificateReasons.get(String(socket.authorizationError)) ?? String(socket.authorizationError);
    return problem(reason, "Install the full chain (fullchain.pem) for this host name in the proxy.");
  }
  if (daysLeft < 14)
    return warning(`expires in ${daysLeft} days`, "Renew the certificate; automatic renewal may have failed.");
  return ok(`valid for ${daysLeft} days`);
}

const certificateReasons: ReadonlyMap<string, string> = new Map([
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "the certificate is self-signed; browsers refuse it"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "the chain is incomplete: an intermediate certificate is missing"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "the issuer is not trusted, or an intermediate certificate is missing"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "the certificate is for another host name"],
]);
