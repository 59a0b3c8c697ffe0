import type { ConnectionRow, EntryType, LogEntry, NodeFigures, Rows } from "./contract.ts";

/** What the consoles of the nodes of a cluster tell each other about one app. `from` is the node that tells. */
export type NodeNote =
  /** Somebody watches the app on this node; repeated as long as that is so. */
  | { readonly kind: "watch"; readonly from: string; readonly types: readonly EntryType[] }
  /** What happened on this node, for the nodes on which somebody watches. */
  | {
      readonly kind: "report";
      readonly from: string;
      readonly entries: readonly LogEntry[];
      /** Entries that were left out because there were too many. */
      readonly dropped: number;
      readonly figures: NodeFigures | undefined;
      readonly connections: Rows<ConnectionRow> | undefined;
    }
  /** An operator closes a connection, on whichever node it is. */
  | { readonly kind: "close"; readonly from: string; readonly socketId: string };

/** Nodes ignore notes of another version, so that versions can be mixed while a cluster is upgraded. */
const version = 1;

/** Encodes a note in one line. */
export function encodeNote(note: NodeNote): string {
  return JSON.stringify({ version, ...note });
}

/** Decodes a note; undefined for those of another version. */
export function decodeNote(text: string): NodeNote | undefined {
  const note = JSON.parse(text) as NodeNote & { readonly version: number };
  return note.version === version ? note : undefined;
}
