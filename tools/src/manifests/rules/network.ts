import { destinations } from '../destinations.js';
import type { Manifests } from '../manifests.js';
import { mayConnect, mayEnter, policiesOf, type NetworkPolicy } from '../network-edges.js';
import { redisGroups } from '../redis-group.js';

/** Without it every pod that no policy selects may talk to everybody. */
export function* everythingIsDeniedFirst(manifests: Manifests): Iterable<string> {
  const denies = ({ spec }: NetworkPolicy) =>
    Object.keys(spec.podSelector).length === 0 &&
    spec.policyTypes?.includes('Ingress') &&
    spec.policyTypes.includes('Egress') &&
    !spec.ingress &&
    !spec.egress;
  if (!manifests.ofKind<NetworkPolicy>('NetworkPolicy').some(denies)) {
    yield 'no NetworkPolicy denies all ingress and egress of all pods';
  }
}

/** Everything stands on names. */
export function* namesCanBeLookedUp(manifests: Manifests): Iterable<string> {
  for (const workload of manifests.workloads) {
    const open = policiesOf(manifests, workload.labels).some(({ spec }) =>
      spec.egress?.some((rule) =>
        rule.ports?.some(({ port, protocol }) => port === 53 && protocol === 'UDP'),
      ),
    );
    if (!open) yield `${workload.id}: no NetworkPolicy lets it ask for names (UDP port 53)`;
  }
}

/** Every address in a URL is a pod that exists, and the policies let its user reach it. */
export function* addressesLeadSomewhere(manifests: Manifests): Iterable<string> {
  for (const { from, variable, host, port, to } of destinations(manifests)) {
    if (!to)
      yield `${from.id}: ${variable} names ${host}:${port}, which no rendered service and pod answers to`;
    else if (!mayConnect(manifests, from, { to, port })) {
      yield `${from.id}: ${variable} names ${host}:${port}, which the NetworkPolicies do not let it reach`;
    }
  }
}

/** Sentinel names the master, whose port is another one; and members replicate and vote among themselves. */
export function* redisPortsAreReachable(manifests: Manifests): Iterable<string> {
  for (const { workload } of redisGroups(manifests)) {
    const users = [...destinations(manifests)]
      .filter(({ to }) => to?.id === workload.id)
      .map(({ from }) => from);
    for (const from of new Set([workload, ...users].map(({ id }) => id))) {
      const user = manifests.workloads.find(({ id }) => id === from) ?? workload;
      for (const port of [6379, 26379]) {
        if (!mayConnect(manifests, user, { to: workload, port })) {
          yield `${user.id}: the NetworkPolicies do not let it reach port ${port} of ${workload.id}`;
        }
      }
    }
  }
}

/** A group is for those whose configuration names it, and for nobody else: that is what keeps the groups apart. */
export function* redisIsOpenToItsUsersOnly(manifests: Manifests): Iterable<string> {
  for (const { workload: group } of redisGroups(manifests)) {
    const users = [...destinations(manifests)]
      .filter(({ to }) => to?.id === group.id)
      .map(({ from }) => from.id);
    for (const other of manifests.workloads) {
      if (other.id === group.id || users.includes(other.id)) continue;
      if (mayEnter(manifests, other, { to: group, port: 6379 }))
        yield `${other.id}: is let into ${group.id}, which its configuration does not name`;
    }
  }
}
