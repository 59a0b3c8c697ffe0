/** The id of an app, as it stands in the paths of the HTTP API. Made by the loader of the configuration. */
export type AppId = string & { readonly __brand: "AppId" };

/** The public key of an app, as clients send it. Made by the loader of the configuration. */
export type AppKey = string & { readonly __brand: "AppKey" };
