import type { Command } from "commander";

/** Shells for which there is a script. */
export const shells = ["bash", "zsh", "fish"] as const;

/** One of these shells. */
export type Shell = (typeof shells)[number];

/** The words that may follow a command: its sub-commands and flags. */
interface Node {
  /** Names of the commands that lead here, without `sealcast`: empty for the program itself. */
  readonly path: readonly string[];
  readonly words: readonly string[];
}

/** Returns the completion script of a shell for all commands of a program. */
export function completionScript(shell: Shell, program: Command): string {
  const nodes = nodesOf(program, []);
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](nodes);
}

function nodesOf(command: Command, path: readonly string[]): Node[] {
  const flags = command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long }) => long ?? []);
  const children = command.createHelp().visibleCommands(command);
  const words = [...children.map((child) => child.name()), ...flags];
  return [{ path, words }, ...children.flatMap((child) => nodesOf(child, [...path, child.name()]))];
}

/** A function for bash, which zsh can run, too: the longest known path of commands decides which words follow. */
function bashScript(nodes: readonly Node[]): string {
  const cases = nodes.map(({ path, words }) => `    "${path.join(" ")}") words="${words.join(" ")}" ;;`).join("\n");
  return `_sealcast() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" next words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="\${path:+$path }$word"
    case " ${nodes.map(({ path }) => `:${path.join(" ")}:`).join(" ")} " in *":$next:"*) path="$next" ;; esac
  done
  case "$path" in
${cases}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ \${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -o default -F _sealcast sealcast
`;
}

function zshScript(nodes: readonly Node[]): string {
  return `#compdef sealcast
autoload -Uz bashcompinit && bashcompinit
${bashScript(nodes)}`;
}

function fishScript(nodes: readonly Node[]): string {
  const lines = nodes.flatMap(({ path, words }) => {
    const here = path.map((name) => `__fish_seen_subcommand_from ${name}`);
    const children = words.filter((word) => !word.startsWith("-"));
    const inside = children.length === 0 ? [] : [`not __fish_seen_subcommand_from ${children.join(" ")}`];
    const condition = [...here, ...inside].join("; and ") || "true";
    return words.map((word) =>
      word.startsWith("--")
        ? `complete -c sealcast -n '${condition}' -l ${word.slice(2)}`
        : `complete -c sealcast -f -n '${condition}' -a ${word}`,
    );
  });
  return `${lines.join("\n")}\n`;
}
