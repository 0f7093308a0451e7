/** How often one address may ask what everybody may ask. Commands and whoever has a session are not counted. */
export interface PublicLimiter {
  /** Counts the request. Undefined: go on; otherwise the whole seconds after which it may be tried again. */
  secondsToWait(request: unknown): Promise<number | undefined>;
}

/** Injection token of `PublicLimiter`. */
export const PUBLIC_LIMITER = Symbol('PUBLIC_LIMITER');
