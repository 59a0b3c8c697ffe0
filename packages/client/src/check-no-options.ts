/** Checks nothing: wrong names and values of options are found during development. */
export function checkOptions(_options: object): void {}
