import type { V1Container, V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node';

/** A rendered Kubernetes object, as YAML gives it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Labels };
}

export type Labels = Readonly<Record<string, string>>;

/** Labels and expressions, as in Kubernetes. An empty one selects everything. */
export interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** Something that runs pods. */
export interface Workload {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly replicas: number | undefined;
  readonly labels: Labels;
  readonly pod: V1PodSpec;
  /** Init containers, sidecars included, and containers. */
  readonly containers: readonly V1Container[];
  readonly manifest: Manifest & { readonly spec: Record<string, unknown> };
}

type WithTemplate = Manifest & {
  readonly spec: Record<string, unknown> & {
    readonly replicas?: number;
    readonly template: V1PodTemplateSpec;
  };
};

/** What a kustomization renders to, ready to be asked. */
export class Manifests {
  constructor(readonly all: readonly Manifest[]) {}

  /** All objects of a kind; the caller says what they look like. */
  ofKind<T extends Manifest>(kind: string): T[] {
    return this.all.filter((manifest): manifest is T => manifest.kind === kind);
  }

  named<T extends Manifest>(kind: string, name: string | undefined): T | undefined {
    return this.ofKind<T>(kind).find((manifest) => manifest.metadata.name === name);
  }

  get workloads(): Workload[] {
    return ['StatefulSet', 'Deployment', 'Job'].flatMap((kind) =>
      this.ofKind<WithTemplate>(kind).map(workload),
    );
  }
}

function workload(manifest: WithTemplate): Workload {
  const { replicas, template } = manifest.spec;
  const pod = template.spec ?? ({ containers: [] } satisfies V1PodSpec);
  return {
    id: idOf(manifest),
    kind: manifest.kind,
    name: manifest.metadata.name,
    replicas,
    labels: template.metadata?.labels ?? {},
    pod,
    containers: [...(pod.initContainers ?? []), ...pod.containers],
    manifest,
  };
}

/** `Kind/name`, how findings name an object. */
export function idOf({ kind, metadata }: Manifest): string {
  return `${kind}/${metadata.name}`;
}

/** Whether a selector selects these labels. A missing selector selects nothing. */
export function selects(selector: Selector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const isAmong = values.includes(labels[key] ?? '');
      if (operator === 'In') return isAmong;
      if (operator === 'NotIn') return !isAmong;
      return (operator === 'Exists') === key in labels;
    })
  );
}
