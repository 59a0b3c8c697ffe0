import { useEffect, useState } from "preact/hooks";
import { request, type Answer } from "./request.ts";

/**
 * Fetches a path of the console's API again and again while a component is shown.
 *
 * @param path below `/console/api`; the component starts over when it changes.
 * @param everyMs time between an answer and the next request, in milliseconds.
 * @returns the newest answer, and a function that fetches at once.
 */
export function useFetched<T>(path: string, everyMs = 3_000): readonly [Answer<T> | undefined, () => void] {
  const [answer, setAnswer] = useState<Answer<T>>();
  const [round, setRound] = useState(0);
  useEffect(() => setAnswer(undefined), [path]);
  useEffect(() => {
    let shown = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const fetchOnce = async (): Promise<void> => {
      const next = await request<T>(path);
      if (!shown) return;
      setAnswer(next);
      timer = setTimeout(() => void fetchOnce(), everyMs);
    };
    void fetchOnce();
    return () => {
      shown = false;
      clearTimeout(timer);
    };
  }, [path, everyMs, round]);
  return [answer, () => setRound((count) => count + 1)];
}
