import { z } from "zod";

const nameForm = "text of 1 to 100 letters, digits, - or _";
const secretForm = "text of 8 to 200 characters without spaces";

/** An id or a key of an app. */
export const appName = z.string(nameForm).regex(/^[A-Za-z0-9_-]{1,100}$/, nameForm);

/** A secret of an app. */
export const appSecret = z.string(secretForm).regex(/^\S{8,200}$/, secretForm);
