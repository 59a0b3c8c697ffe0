import type { HelpConfiguration } from "commander";

/** Width of the column of flags. The description of a longer flag begins on a line of its own. */
const termWidth = 24;

/** Layout of every help text: it fits into 80 columns, however long the names of flags are. */
export const helpLayout: HelpConfiguration = {
  helpWidth: 80,
  padWidth: () => termWidth,
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
