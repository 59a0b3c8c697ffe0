/** What a port answers instead of a result while it cannot reach what it stands on. The caller may try again later. */
export type Unavailable = "unavailable";
