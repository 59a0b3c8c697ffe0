import { useEffect, useLayoutEffect } from "react";

/**
 * An effect that runs in the same task as the rendering, so that no event arrives between a subscription and the binding
 * of its listeners. Rendering on a server runs no effects: there, `useEffect` avoids a warning of React 18.
 */
export const useSyncEffect: typeof useEffect = typeof document === "undefined" ? useEffect : useLayoutEffect;
