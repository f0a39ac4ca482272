import type { Undo } from '../undo.js';
import type { FaultTarget } from './fault-target.js';

/**
 * What stands behind a target: one server behind a proxy, the same with TLS, or a master with replicas and Sentinels,
 * whose clients learn the addresses from Sentinel and so meet no proxy.
 */
export type Topology = 'standalone' | 'tls' | 'sentinel';

/** One thing that goes wrong with Redis or on the way to it. */
export interface Fault {
  /** Its key in `faults`. */
  readonly name: string;
  /** What is wrong, and what a client meets, in one line. */
  readonly summary: string;
  /** What it needs; a `tls` target also takes every `standalone` fault. */
  readonly topology: Topology;
  /** Resolves once the fault is on. Undo resolves once the service is back. */
  apply(target: FaultTarget): Promise<Undo>;
}

/** Whether the target has what the fault needs. */
export function fits(fault: Fault, { topology }: FaultTarget): boolean {
  return fault.topology === topology || (fault.topology === 'standalone' && topology === 'tls');
}
