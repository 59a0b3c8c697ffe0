import { subjects } from "../subjects/subject.ts";

/** Colors that people with color blindness can distinguish (Okabe and Ito's palette). */
const palette = ["#0072b2", "#56b4e9", "#d55e00", "#e69f00", "#009e73", "#cc79a7", "#000000"];
const names: readonly string[] = Object.values(subjects).map(({ name }) => name);

/** The color of a server, the same in all charts. */
export function colorOf(subject: string): string {
  return palette[names.indexOf(subject)] ?? "#777777";
}

/** Wraps drawing commands into a document with a white background and a title for screen readers. */
export function svg(width: number, height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(width / 2, 20, title, `text-anchor="middle" font-size="14" font-weight="bold"`),
    ...parts,
    "</svg>\n",
  ].join("\n");
}

/** A piece of text with its anchor at `x`, `y`. */
export function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${round(x)}" y="${round(y)}" fill="#222" ${attributes}>${escaped(content)}</text>`;
}

/** A straight line. */
export function line(x1: number, y1: number, x2: number, y2: number, color: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${color}"/>`;
}

/** A coordinate with one decimal, so that files stay small and differences readable. */
export const round = (value: number): number => Math.round(value * 10) / 10;

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
