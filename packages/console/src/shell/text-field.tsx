import type { TargetedInputEvent, VNode } from "preact";

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (text: string) => void;
  /** Height in lines; undefined: one line only. */
  readonly rows?: number;
  /** Whether the text is for people; otherwise it is code, a name or an id. */
  readonly isProse?: boolean;
  readonly autocomplete?: "off" | "username" | "current-password";
  readonly autofocus?: boolean;
  readonly inputMode?: "numeric" | "url";
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly type?: "password";
}

/** A field for text, with its label above it. */
export function TextField({ label, onInput, rows, isProse = false, ...others }: TextFieldProps): VNode {
  const attributes = {
    ...others,
    class: isProse ? "" : "mono",
    spellcheck: false,
    onInput: ({ currentTarget }: TargetedInputEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      onInput(currentTarget.value),
  };
  return (
    <label>
      {label}
      {rows === undefined ? <input {...attributes} /> : <textarea {...attributes} rows={rows} />}
    </label>
  );
}
