import { Help, type HelpConfiguration } from "commander";

/** Width of the column of flags. The description of a longer flag begins on a line of its own. */
const termWidth = 24;

/** Flags that many commands have, in their order at the end of the list. */
const commonFlags: readonly (string | undefined)[] = ["--server", "--app", "--config", "--json", "--help"];

/** Layout of every help text: it fits into 80 columns, however long the names of flags are. */
export const helpLayout: HelpConfiguration = {
  helpWidth: 80,
  padWidth: () => termWidth,
  visibleOptions(command) {
    const options = Help.prototype.visibleOptions.call(this, command);
    return options.toSorted((a, b) => commonFlags.indexOf(a.long) - commonFlags.indexOf(b.long));
  },
  optionDescription({ description, defaultValue }) {
    if (defaultValue === undefined) return description;
    return `${description}. Default: ${String(defaultValue)}.`;
  },
  argumentDescription: ({ description }) => description,
  formatItem(term, _, description, helper) {
    const indent = " ".repeat(2);
    if (description === "") return indent + term;
    const column = termWidth + 4;
    const lines = helper.boxWrap(description, 80 - column).split("\n");
    const text = lines.join(`\n${" ".repeat(column)}`);
    return term.length <= termWidth
      ? `${indent}${term.padEnd(termWidth)}  ${text}`
      : `${indent}${term}\n${" ".repeat(column)}${text}`;
  },
};
