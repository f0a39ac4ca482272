import type { Fault } from './fault.js';

/** Faults of the way to the server: the proxy makes them. */
export const blackHole: Fault = {
  name: 'blackHole',
  summary: 'The network swallows everything: connecting seems to work, nothing ever comes.',
  topology: 'standalone',
  apply: async ({ proxy }) => proxy.blackHole(),
};

export const slow: Fault = {
  name: 'slow',
  summary: 'Every reply comes 300 ms late.',
  topology: 'standalone',
  apply: async ({ proxy }) => proxy.delay({ ms: 300 }),
};

export const jittery: Fault = {
  name: 'jittery',
  summary: 'Every reply comes 20 to 520 ms late.',
  topology: 'standalone',
  apply: async ({ proxy }) => proxy.delay({ ms: 20, jitterMs: 500 }),
};

export const halfOpen: Fault = {
  name: 'halfOpen',
  summary: 'The server has forgotten the connections there are and tells nobody; new ones work.',
  topology: 'standalone',
  apply: async ({ proxy }) => proxy.halfOpen(),
};

export const reset: Fault = {
  name: 'reset',
  summary: 'Connections are reset (ECONNRESET), new ones too.',
  topology: 'standalone',
  apply: async ({ proxy }) => proxy.reset(),
};

export const truncated: Fault = {
  name: 'truncated',
  summary: 'Every connection ends in the middle of its first reply.',
  topology: 'standalone',
  apply: async ({ proxy }) => proxy.truncate({ afterBytes: 3 }),
};

export const garbage: Fault = {
  name: 'garbage',
  summary: 'Replies are bytes that are no RESP.',
  topology: 'standalone',
  apply: async ({ proxy }) => proxy.garbage(),
};
