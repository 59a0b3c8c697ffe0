/** Redis has refused a request, because its node has synchronized since or was given up; see `scripts/channel-functions.ts`. */
export class LateRequest extends Error {
  constructor() {
    super("Redis refused a request as late");
  }
}
