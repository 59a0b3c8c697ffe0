import { SealcastError } from "@sealcast/server-sdk";
import { createApi } from "../../target/create-api.ts";
import type { Target } from "../../target/app-url.ts";
import type { Check } from "../check.ts";
import { ok, problem, skipped, warning, type Finding } from "../finding.ts";
import { isFromProxy, probe, programOf, type ProbeAnswer } from "../http-probe.ts";

/** Difference of clocks from which signed requests are refused, in seconds. */
const refusedSkewSeconds = 600;

const forwardApps = "Forward /apps/ to the server, as well as /app/: `location / { proxy_pass …; }` in nginx.";

/** Checks of HTTP requests. */
export const httpChecks: readonly Check[] = [
  {
    id: "http",
    title: "HTTP",
    needs: ["port"],
    async run({ target }) {
      return httpFinding(await probe({ url: `${target.httpUrl}/apps/${target.appId}/channels` }));
    },
  },
  {
    id: "clock",
    title: "Difference of clocks",
    needs: ["http"],
    async run({ target }) {
      const answer = await probe({ url: `${target.httpUrl}/apps/${target.appId}/channels` });
      return clockFinding(answer.ok ? answer.headers.date : undefined, Date.now());
    },
  },
  {
    id: "credentials",
    title: "Id, key and secret of the app",
    needs: ["http"],
    run: ({ target }) => checkCredentials(target),
  },
];

function httpFinding(answer: ProbeAnswer): Finding {
  if (!answer.ok) return problem(answer.reason, "Check that the server runs, and that the proxy leads to its port.");
  const { status } = answer;
  if (status === 502 || status === 504) {
    return problem(
      `${status}: the proxy does not reach the server`,
      "Check host and port after proxy_pass, and that the server runs.",
    );
  }
  if (isFromProxy(answer)) {
    return problem(`${status} from ${programOf(answer.headers)}, not from the server`, forwardApps);
  }
  return ok("the server answers");
}

/** Returns the finding about the `Date` header of an answer. */
function clockFinding(date: string | undefined, nowMs: number): Finding {
  if (date === undefined || Number.isNaN(Date.parse(date))) return skipped("the server does not tell its time");
  const seconds = Math.round(Math.abs(Date.parse(date) - nowMs) / 1_000);
  const fix = "Synchronize the clocks of both machines (NTP).";
  if (seconds >= refusedSkewSeconds) return problem(`${seconds} seconds: signed requests are refused`, fix);
  return seconds > 60 ? warning(`${seconds} seconds`, fix) : ok("none");
}

async function checkCredentials(target: Target): Promise<Finding> {
  const api = await createApi(target);
  try {
    const { size } = await api.channels();
    return ok(`accepted; ${size} occupied channels`);
  } catch (error) {
    if (!(error instanceof SealcastError)) throw error;
    const { code, status } = error;
    if (code === "not-found") return problem(`404: no app ${target.appId}`, "Correct the id of the app in the URL.");
    if (code === "unauthorized")
      return problem(
        "401: the signature is refused",
        "Correct the key and the secret of the app, and check the clocks.",
      );
    if (code === "forbidden") return problem("403: the app is disabled", "Set `enabled` of the app to true.");
    return problem(`${status ?? ""} ${error.message}`.trim(), "See the log of the server.");
  }
}
