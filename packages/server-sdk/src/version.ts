/** Sent with every request, so that an operator sees who publishes; a test compares it with package.json. */
export const libraryName = "sealcast-server-sdk 0.1.0";
