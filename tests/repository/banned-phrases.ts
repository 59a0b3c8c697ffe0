/** A phrase that no file may contain, and the plain words for it. */
export interface BannedPhrase {
  readonly phrase: string;
  readonly pattern: RegExp;
  readonly instead: string;
}

const row = (phrase: string, pattern: RegExp, instead: string): BannedPhrase => ({ phrase, pattern, instead });

/** Phrases that a reader has to translate. The style guide in CONTRIBUTING.md gives the reasons. */
export const bannedPhrases: readonly BannedPhrase[] = [
  row("anew", /\banew\b/i, '"again"'),
  row("let go", /\blet(s|ting)? go\b/i, '"release", "remove", "detach"'),
  row("whoever", /\bwho(so)?ever\b/i, '"anyone who", "the caller"'),
  row("is wanted", /\b(is|are|be|was|were) wanted\b/i, '"expected", "required"'),
  row("found nothing, wanted", /\bwanted (a|an|one|text|at)\b/i, '"expected …, got …"'),
  row("alone", /\balone\b/i, '"only"'),
  row("Gives", /(^|[.:;*] |\/\*\* )Gives\b/, '"Returns …"'),
  row("gives what", /\bgives what\b/i, '"returns a function that …"'),
  row("told", /\btold\b/i, '"notified", "informed", "reported"'),
  row(
    "where it is",
    /(?<!stays? |left |right )\bwhere (it|there|they|nothing|nobody|no|that|this) (is|are|was|were|has|have|can|does|do|may)\b/i,
    '"if"',
  ),
  row("for good", /\bfor good\b/i, '"permanently", "final"'),
  row("for ever", /\bfor ever\b/i, '"forever", "without limit"'),
  row("without a word", /\bwithout a word\b/i, '"without a reason", "silently"'),
  row("sees to", /\bsees? to (it|that|keys|the)\b/i, '"makes sure", "reschedules"'),
  row("nearly all", /\bnearly all\b/i, '"most"'),
  row("those who", /\bthose who\b/i, '"users who", "clients that"'),
  row("clock on the wall", /\bclock on the wall\b/i, '"wall-clock time"'),
  row("have patience", /\b(have|has|of) patience\b/i, '"time-out"'),
  row("be patient", /\bpatient\b/i, '"waits up to …"'),
  row("what comes of", /\b(comes?|came) of (it|its|a|the)\b/i, '"result", "outcome"'),
  row("hears", /\bhears\b/i, '"receives", "is notified"'),
  row("nobody hears", /\b(nobody|no one) hears\b/i, '"no listener receives"'),
  row("stand still", /\bstands? still\b/i, '"is fixed", "does not advance"'),
  row("fall due", /\bfalls? due\b/i, '"is due"'),
];
