import type { Fault } from './fault.js';

/** Faults that only clients which ask a Sentinel can survive. */
export const failover: Fault = {
  name: 'failover',
  summary: 'The master is dead and a replica was promoted. Undo brings the old master back as a replica.',
  topology: 'sentinel',
  apply: ({ cluster }) => cluster.failover(),
};

export const failoverLosingLastWrites: Fault = {
  name: 'failoverLosingLastWrites',
  summary: 'As `failover`, and what the master acknowledged in its last 300 ms is lost.',
  topology: 'sentinel',
  apply: ({ cluster }) => cluster.failoverLosingLastWrites(),
};
