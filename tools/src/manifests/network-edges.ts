import type { Labels, Manifest, Manifests, Selector, Workload } from './manifests.js';
import { selects } from './manifests.js';

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string };
}
interface PolicyRule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port?: number | string; readonly protocol?: string }[];
}
export type NetworkPolicy = Manifest & {
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly PolicyRule[];
    readonly egress?: readonly PolicyRule[];
  };
};

/** A TCP port of a workload. */
export interface Target {
  readonly to: Workload;
  readonly port: number;
}

/** Whether the policies let `from` open a connection to the target: both ends must agree. */
export function mayConnect(manifests: Manifests, from: Workload, target: Target): boolean {
  const leaves = policiesOf(manifests, from.labels).some(({ spec }) =>
    spec.egress?.some((rule) => names(rule.to, target.to.labels) && opens(rule, target)),
  );
  return leaves && mayEnter(manifests, from, target);
}

/** Whether the target's own policies would let `from` in. */
export function mayEnter(manifests: Manifests, from: Workload, target: Target): boolean {
  return policiesOf(manifests, target.to.labels).some(({ spec }) =>
    spec.ingress?.some((rule) => names(rule.from, from.labels) && opens(rule, target)),
  );
}

/** The policies that apply to pods with these labels. */
export function policiesOf(manifests: Manifests, labels: Labels): NetworkPolicy[] {
  return manifests
    .ofKind<NetworkPolicy>('NetworkPolicy')
    .filter(({ spec }) => selects(spec.podSelector, labels));
}

function names(peers: readonly Peer[] | undefined, labels: Labels): boolean {
  if (peers === undefined) return true;
  return peers.some(
    ({ podSelector, namespaceSelector }) => !namespaceSelector && selects(podSelector, labels),
  );
}

/** Whether a rule opens a port of the target, by its number or its name. */
export function opens({ ports }: PolicyRule, { to, port }: Target): boolean {
  if (ports === undefined) return true;
  const open = to.containers.flatMap((container) => container.ports ?? []);
  const name = open.find(({ containerPort }) => containerPort === port)?.name;
  return ports.some((entry) => entry.port === undefined || entry.port === port || entry.port === name);
}
