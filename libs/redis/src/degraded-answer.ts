import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import { atHeaders } from './at-headers.js';

const groupsOfAnswer = new AsyncLocalStorage<Set<string>>();
const answers = new WeakMap<ServerResponse, Set<string>>();

/**
 * Runs the rest of a request so that its answer says, in `X-Degraded`, which groups it had to do without. May be
 * called more than once for a request: the first call counts.
 */
export function trackDegradation<T>(response: ServerResponse, next: () => T): T {
  return groupsOfAnswer.run(answers.get(response) ?? track(response), next);
}

/** Notes that the answer under way, if there is one, was made without this group. */
export function markDegraded(group: string): void {
  groupsOfAnswer.getStore()?.add(group);
}

/** The groups that the answer under way has done without so far, for a page that wants to say so. */
export function degradedGroups(): readonly string[] {
  return [...(groupsOfAnswer.getStore() ?? [])];
}

/** Whether {@link trackDegradation} has been called for an answer, and what is under way belongs to it. */
export function isTracked(response: ServerResponse): boolean {
  const groups = answers.get(response);
  return groups !== undefined && groups === groupsOfAnswer.getStore();
}

function track(response: ServerResponse): Set<string> {
  const groups = new Set<string>();
  answers.set(response, groups);
  atHeaders(response, () => {
    if (groups.size > 0) response.setHeader('X-Degraded', [...groups].sort().join(', '));
  });
  return groups;
}
