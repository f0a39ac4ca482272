import type { Manifest, Manifests, Selector, Workload } from '../manifests.js';
import { idOf, selects } from '../manifests.js';

type Budget = Manifest & {
  readonly spec: {
    readonly selector?: Selector;
    readonly minAvailable?: number | string;
    readonly maxUnavailable?: number | string;
    readonly unhealthyPodEvictionPolicy?: string;
  };
};
type Autoscaler = Manifest & {
  readonly spec: {
    readonly minReplicas?: number;
    readonly scaleTargetRef: { readonly kind: string; readonly name: string };
  };
};

const host = 'kubernetes.io/hostname';

/** Two members of a Redis group on one node would go down together, whatever the budget says. */
export function* membersKeepToDifferentNodes(manifests: Manifests): Iterable<string> {
  for (const { id, labels, pod } of ofKind(manifests, 'StatefulSet')) {
    const terms = pod.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    if (!terms.some((term) => term.topologyKey === host && selects(term.labelSelector, labels))) {
      yield `${id}: needs a required podAntiAffinity on ${host} that selects its own pods`;
    }
  }
}

/** Upgrading one node must never take all replicas of an app. */
export function* appsSpreadOverNodes(manifests: Manifests): Iterable<string> {
  for (const { id, labels, pod } of ofKind(manifests, 'Deployment')) {
    const isSpread = pod.topologySpreadConstraints?.some(
      ({ topologyKey, whenUnsatisfiable, minDomains, labelSelector }) =>
        topologyKey === host &&
        whenUnsatisfiable === 'DoNotSchedule' &&
        (minDomains ?? 1) >= 2 &&
        selects(labelSelector, labels),
    );
    if (!isSpread) yield `${id}: needs a topology spread over ${host} with DoNotSchedule and minDomains 2`;
  }
}

/** One replica is none during a restart. Who has an autoscaler leaves the number to it. */
export function* replicasAreEnough(manifests: Manifests): Iterable<string> {
  for (const { id, kind, name, replicas } of ofKind(manifests, 'Deployment')) {
    const autoscaler = manifests
      .ofKind<Autoscaler>('HorizontalPodAutoscaler')
      .find(({ spec }) => spec.scaleTargetRef.kind === kind && spec.scaleTargetRef.name === name);
    if (autoscaler && replicas !== undefined)
      yield `${id}: replicas belong to its autoscaler, leave them out`;
    const least = autoscaler?.spec.minReplicas ?? replicas ?? 1;
    if (least < 2) yield `${id}: runs ${least} replica, needs at least 2`;
  }
  for (const { id, replicas = 1 } of ofKind(manifests, 'StatefulSet')) {
    if (replicas < 3) yield `${id}: ${replicas} members have no majority when one is gone, needs 3`;
  }
}

/** Exactly one budget each, which lets one pod go at a time and never none. */
export function* budgetsLetOneGo(manifests: Manifests): Iterable<string> {
  const budgets = manifests.ofKind<Budget>('PodDisruptionBudget');
  for (const { id, labels } of [...ofKind(manifests, 'StatefulSet'), ...ofKind(manifests, 'Deployment')]) {
    const mine = budgets.filter(({ spec }) => selects(spec.selector, labels));
    if (mine.length !== 1) yield `${id}: needs one PodDisruptionBudget, has ${mine.length}`;
  }
  for (const budget of budgets) {
    const { maxUnavailable, minAvailable, unhealthyPodEvictionPolicy } = budget.spec;
    if (maxUnavailable !== 1 || minAvailable !== undefined) {
      yield `${idOf(budget)}: must say maxUnavailable: 1 and nothing else, or it blocks a drain or lets too many go`;
    }
    if (unhealthyPodEvictionPolicy !== 'AlwaysAllow') {
      yield `${idOf(budget)}: unhealthyPodEvictionPolicy must be AlwaysAllow, or a broken pod blocks its node's drain`;
    }
  }
}

function ofKind(manifests: Manifests, kind: string): Workload[] {
  return manifests.workloads.filter((workload) => workload.kind === kind);
}
