import { errorCatalogue, type ErrorId } from "@sealcast/protocol";
import { expect, test } from "vitest";
import { refusal } from "./reply.ts";

test.each(Object.keys(errorCatalogue) as ErrorId[])(
  "[ERR1] %s is plain text with a line end and the catalogue's status",
  (id) => {
    const reply = refusal({ id, message: "Why" });
    expect(reply.status).toBe(errorCatalogue[id].status);
    expect(reply.body).toBe("Why\n");
    expect(reply.headers["content-type"]).toBe("text/plain; charset=utf-8");
  },
);
