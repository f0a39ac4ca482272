import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** What travels with a job, from the request that added it to the handler that runs it, in every lane. */
export interface Carried {
  /** W3C Trace Context; a handler sees a child of the one that was there at the add. */
  readonly traceparent?: string;
  readonly tracestate?: string;
  /** On whose behalf; an id, never a name or an address. */
  readonly user?: string;
}

const store = new AsyncLocalStorage<Carried>();

/** Runs `work` so that every job it adds carries this. */
export function carry<T>(context: Carried, work: () => T): T {
  return store.run(context, work);
}

/** What is carried here: in a handler, what the add carried. */
export function carried(): Carried | undefined {
  return store.getStore();
}

/**
 * The trace to carry on with: a child of a request's `traceparent` header, or a new one if that is missing or no
 * traceparent.
 */
export function continueTrace(header?: string): string {
  const span = randomBytes(8).toString('hex');
  const [, version, trace, , flags] = traceparent.exec(header ?? '') ?? [];
  if (version === undefined || version === 'ff') return `00-${randomBytes(16).toString('hex')}-${span}-01`;
  return `00-${trace}-${span}-${flags}`;
}

// All-zero ids mean "none". A later version may have more parts, which are not ours to read.
const traceparent = /^([\da-f]{2})-((?!0{32})[\da-f]{32})-((?!0{16})[\da-f]{16})-([\da-f]{2})(?:-|$)/;

/** Runs a handler with what its job carried. */
export function resume<T>(context: Carried | undefined, work: () => T): T {
  if (!context) return store.exit(work);
  const trace = context.traceparent ? { traceparent: continueTrace(context.traceparent) } : {};
  return store.run({ ...context, ...trace }, work);
}
