/** Sent with every request, so that operators see which library publishes. A test compares it with package.json. */
export const libraryName = "sealcast-server-sdk 0.1.0";
