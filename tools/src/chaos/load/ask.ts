/** The two apps that people use. */
export type WebApp = 'dashboard' | 'learn';

/** A request, and what may come of it. */
export interface Ask {
  readonly app: WebApp;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Statuses that are right while all is well; a guest's answer to a signed-in person never is. */
  readonly expects: readonly number[];
  /** A step-up or a job that is refused rather than lost may be answered 503 with Retry-After. */
  readonly mayRefuse?: boolean;
  /** Hashes a password, which takes long on purpose: not in the latencies. */
  readonly isHashing?: boolean;
}
