import { signal } from "@preact/signals";
import { createElement, type FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";
import { EmptyState } from "../shell/empty-state.tsx";

type Parts = typeof import("./later-parts.ts");

const parts = signal<Parts | "loading" | "failed" | undefined>(undefined);

/** Loads the parts that are not needed at first. */
export async function loadLaterParts(): Promise<void> {
  if (parts.peek() !== undefined) return;
  parts.value = "loading";
  try {
    parts.value = await import("./later-parts.ts");
  } catch {
    parts.value = "failed";
  }
}

/** A component that appears as soon as the later parts are loaded. */
export function later<Props extends object>(
  choose: (loaded: Parts) => FunctionComponent<Props>,
): FunctionComponent<Props> {
  return (props) => {
    useEffect(() => void loadLaterParts(), []);
    const { value } = parts;
    if (value === "failed") {
      return (
        <EmptyState title="This part of the page could not be loaded">
          <button type="button" onClick={() => location.reload()}>
            Load the page again
          </button>
        </EmptyState>
      );
    }
    return value === undefined || value === "loading" ? null : createElement(choose(value), props);
  };
}
