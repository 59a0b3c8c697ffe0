/** Checks nothing: wrong names and values of options are found during development. */
export function checkOptions(_options: unknown): void {}

/** Checks nothing: a name that is no text is found during development. */
export function checkText(_what: string, _value: unknown): void {}

/** Checks nothing: a listener that is no function is found during development. */
export function checkListener(_event: unknown, _callback: unknown): void {}
