import { effect, signal } from "@preact/signals";

/** Light, dark, or as the operating system is set. */
export type Theme = "system" | "light" | "dark";

const order: readonly Theme[] = ["system", "light", "dark"];
const stored = localStorage.getItem("theme");

/** The theme of the page; kept in the browser. */
export const theme = signal<Theme>(order.find((name) => name === stored) ?? "system");

/** Changes to the next theme. */
export function nextTheme(): void {
  theme.value = order[(order.indexOf(theme.value) + 1) % order.length] ?? "system";
  localStorage.setItem("theme", theme.value);
}

effect(() => {
  document.documentElement.style.colorScheme = theme.value === "system" ? "light dark" : theme.value;
});
