/** An origin took longer than `hardTimeoutMs` and there was no last good value. Its run goes on for those who ask next. */
export class CacheLoadTimeoutError extends Error {
  readonly code = 'CACHE_LOAD_TIMEOUT';
  override readonly name = 'CacheLoadTimeoutError';

  constructor(readonly timeoutMs: number) {
    super(`The origin of a cached value gave no answer within ${timeoutMs} ms.`);
  }
}

/** The origin failed a moment ago and is left alone; the last good value is served instead. Never gets out. */
export class BackingOffError extends Error {
  readonly code = 'CACHE_BACKING_OFF';
  override readonly name = 'BackingOffError';
}
