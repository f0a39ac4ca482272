import { flushAll, oldDump, wrongType } from './data-faults.js';
import type { Fault } from './fault.js';
import { loading } from './loading-fault.js';
import { blackHole, garbage, halfOpen, jittery, reset, slow, truncated } from './network-faults.js';
import { hung, refused } from './process-faults.js';
import { pubSubCut } from './pub-sub-fault.js';
import { maxClients, noAuth, noReplicas, outOfMemory, readOnly } from './refusal-faults.js';
import { failover, failoverLosingLastWrites } from './sentinel-faults.js';
import { tlsExpired } from './tls-fault.js';

/** Every fault by name; go through them with `Object.values(faults)`. */
export const faults = {
  refused,
  hung,
  blackHole,
  slow,
  jittery,
  halfOpen,
  reset,
  truncated,
  garbage,
  readOnly,
  outOfMemory,
  noReplicas,
  loading,
  noAuth,
  maxClients,
  wrongType,
  flushAll,
  oldDump,
  pubSubCut,
  tlsExpired,
  failover,
  failoverLosingLastWrites,
} as const satisfies Record<string, Fault>;
