/** The id of an app, as used in the paths of the HTTP API. Created by the configuration loader. */
export type AppId = string & { readonly __brand: "AppId" };

/** The public key of an app, as clients send it. Created by the configuration loader. */
export type AppKey = string & { readonly __brand: "AppKey" };
