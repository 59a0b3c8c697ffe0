import { readFileSync } from "node:fs";

/** Length of a kernel clock tick in microseconds; fixed at 100 per second in what Linux shows to programs. */
const tickMicros = 10_000;

/** Processor time that a process has used in microseconds, in user and kernel mode together. Source: `proc_pid_stat(5)`. */
export function cpuMicros(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The second field, the name in parentheses, may hold spaces; the ones wanted are the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tickMicros;
}

/** Memory of a process that is in RAM, in KiB. Source: `proc_pid_status(5)`, `VmRSS`. */
export function residentKib(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  if (!found) throw new Error(`Cannot read the memory of process ${pid}: no VmRSS line`);
  return Number(found[1]);
}
