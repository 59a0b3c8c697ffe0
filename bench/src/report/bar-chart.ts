import { numberText } from "./number-text.ts";
import { colours, svg, text } from "./svg.ts";

export interface BarGroup {
  readonly name: string;
  readonly bars: readonly { readonly name: string; readonly value: number }[];
}

const width = 720;
const barHeight = 18;
const groupGap = 34;
const left = 170;
const longest = 440;

/** Horizontal bars in groups, all on one linear scale. Servers keep their colour from group to group. */
export function barChart(title: string, groups: readonly BarGroup[]): string {
  const highest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const names = [...new Set(groups.flatMap(({ bars }) => bars.map(({ name }) => name)))];
  const parts: string[] = [];
  let y = 50;
  for (const group of groups) {
    parts.push(text(12, y, group.name, `font-weight="bold"`));
    y += 8;
    for (const { name, value } of group.bars) {
      const length = Math.max(1, Math.round((value / highest) * longest));
      const colour = colours[names.indexOf(name) % colours.length] ?? "#000";
      parts.push(
        text(left - 8, y + 13, name, `text-anchor="end"`),
        `<rect x="${left}" y="${y + 2}" width="${length}" height="${barHeight - 4}" fill="${colour}"/>`,
        text(left + length + 6, y + 13, numberText(value)),
      );
      y += barHeight;
    }
    y += groupGap - 8;
  }
  return svg(width, y - groupGap + 20, title, parts);
}
