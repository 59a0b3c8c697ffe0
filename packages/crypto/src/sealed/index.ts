export { blindedChannelName, blindedUserId } from "./blinded-name.ts";
export { sealedKinds, type SealedContext, type SealedKind } from "./context.ts";
export type { SenderStamp } from "./frame.ts";
export {
  contentOf,
  openEnvelope,
  signatureProblem,
  type EnvelopeResult,
  type OpenedEnvelope,
  type OpenOptions,
  type SealedContent,
  type SealedRefusal,
  type VerifySignature,
} from "./open.ts";
export type { Padding } from "./padding.ts";
export { createReplayGuard, type ReceivedStamp, type ReplayDecision, type ReplayGuard } from "./replay-guard.ts";
export { envelopeLength, sealEnvelope, type Sealable, type SealOptions } from "./seal.ts";
export { deriveSealedKey, type SealedKey, type SealedKeyContext } from "./sealed-key.ts";
export { signerIdOf, signerIdText, type Signer } from "./signer.ts";
export {
  createSealedRing,
  keysForClient,
  openingKeys,
  sealedRefreshMs,
  sealedSwitchMs,
  sealingKey,
  type ClientKey,
  type SealedRing,
  type SealedRingKey,
} from "./sealed-ring.ts";
