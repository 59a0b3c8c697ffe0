/** What a check found. */
export type Finding =
  /** Nothing wrong. */
  | { readonly status: "ok"; readonly seen: string }
  /** Works, but may fail for some clients or later. */
  | { readonly status: "warning"; readonly seen: string; readonly fix: string }
  /** Does not work. */
  | { readonly status: "problem"; readonly seen: string; readonly fix: string }
  /** Was not checked. */
  | { readonly status: "skipped"; readonly seen: string };

/** Nothing wrong. */
export function ok(seen: string): Finding {
  return { status: "ok", seen };
}

/** Something does not work; `fix` says what to do. */
export function problem(seen: string, fix: string): Finding {
  return { status: "problem", seen, fix };
}

/** Something may fail later or for some clients; `fix` says what to do. */
export function warning(seen: string, fix: string): Finding {
  return { status: "warning", seen, fix };
}

/** The check does not apply. */
export function skipped(seen: string): Finding {
  return { status: "skipped", seen };
}
