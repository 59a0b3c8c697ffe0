import { numberText } from "./number-text.ts";
import { colorOf, svg, text } from "./svg.ts";

export interface BarGroup {
  readonly name: string;
  readonly bars: readonly { readonly name: string; readonly value: number }[];
}

const width = 720;
const barHeight = 18;
const groupGap = 34;
const left = 170;
const longest = 440;

/** Horizontal bars in groups, all on one linear scale. Bars are named by server. */
export function barChart(title: string, groups: readonly BarGroup[]): string {
  const highest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const parts: string[] = [];
  let y = 50;
  for (const group of groups) {
    parts.push(text(12, y, group.name, `font-weight="bold"`));
    y += 8;
    for (const { name, value } of group.bars) {
      const length = Math.max(1, Math.round((value / highest) * longest));
      parts.push(
        text(left - 8, y + 13, name, `text-anchor="end"`),
        `<rect x="${left}" y="${y + 2}" width="${length}" height="${barHeight - 4}" fill="${colorOf(name)}"/>`,
        text(left + length + 6, y + 13, numberText(value)),
      );
      y += barHeight;
    }
    y += groupGap - 8;
  }
  return svg(width, y - groupGap + 20, title, parts);
}
