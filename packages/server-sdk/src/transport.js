/** The time of a request was up. */
export class RequestTimeout extends Error {
  name = "RequestTimeout";
}
//# sourceMappingURL=transport.js.map
