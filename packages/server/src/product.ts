/** Version of this package, as in its `package.json`; a test compares them. */
export const version = "0.1.0";

/** Where the documentation is. */
export const documentationUrl = "https://github.com/sealcast/sealcast#readme";
