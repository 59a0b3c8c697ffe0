/** What is needed of a V8 CPU profile. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[] | undefined;
  }[];
  readonly samples?: readonly number[] | undefined;
  /** Microseconds before each sample. */
  readonly timeDeltas?: readonly number[] | undefined;
}

/**
 * Shares (0 to 1) of busy time by part of a program. Each sample belongs to the innermost function whose file has a
 * part, with all it calls: native code, system calls, the standard library. What no part called is "" here.
 *
 * @param partOf part of a source file's URL, or `undefined` to look at the caller.
 */
export function profileShares(profile: CpuProfile, partOf: (url: string) => string | undefined): Map<string, number> {
  const parts = partsOfNodes(profile, partOf);
  const times = new Map<string, number>();
  let busy = 0;
  for (const [i, id] of (profile.samples ?? []).entries()) {
    const part = parts.get(id);
    const time = profile.timeDeltas?.[i] ?? 0;
    if (part === undefined) continue;
    times.set(part, (times.get(part) ?? 0) + time);
    busy += time;
  }
  return new Map([...times].toSorted(([, a], [, b]) => b - a).map(([part, time]) => [part, time / busy]));
}

const idle = new Set(["(idle)", "(root)"]);

/** Part of each node; nodes that are not work have none. */
function partsOfNodes({ nodes }: CpuProfile, partOf: (url: string) => string | undefined): Map<number, string> {
  const parts = new Map<number, string>();
  const inherited = new Map<number, string>();
  // Parents come before their children in a profile.
  for (const { id, callFrame, children } of nodes) {
    const part = partOf(callFrame.url) ?? inherited.get(id) ?? "";
    if (callFrame.functionName === "(garbage collector)") parts.set(id, "garbage collection");
    else if (!idle.has(callFrame.functionName)) parts.set(id, part);
    for (const child of children ?? []) inherited.set(child, part);
  }
  return parts;
}
