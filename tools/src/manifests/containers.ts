import type { V1Container } from '@kubernetes/client-node';
import type { Manifest, Manifests, Workload } from './manifests.js';

type KeyedData = Manifest & { readonly data?: Readonly<Record<string, string>> };

/** Where a variable's value comes from. `text` is unknown for fields of the pod. */
export interface Variable {
  readonly from: 'literal' | 'ConfigMap' | 'Secret' | 'pod';
  readonly text?: string;
}

/** Every container of every workload. */
export function* containersOf(manifests: Manifests): Iterable<{
  readonly workload: Workload;
  readonly container: V1Container;
  readonly id: string;
}> {
  for (const workload of manifests.workloads) {
    for (const container of workload.containers) {
      yield { workload, container, id: `${workload.id}, container ${container.name}` };
    }
  }
}

/** The readable contents of a ConfigMap or Secret; empty when there is none of that name. */
export function dataOf(
  manifests: Manifests,
  kind: 'ConfigMap' | 'Secret',
  name: string | undefined,
): Readonly<Record<string, string>> {
  const { data = {} } = manifests.named<KeyedData>(kind, name) ?? {};
  if (kind === 'ConfigMap') return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64').toString()]),
  );
}

/** What a container's process will find in its environment, `$(NAME)` already replaced. */
export function environmentOf(container: V1Container, manifests: Manifests): Map<string, Variable> {
  const environment = new Map<string, Variable>();
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    const kind = configMapRef ? 'ConfigMap' : 'Secret';
    const entries = dataOf(manifests, kind, (configMapRef ?? secretRef)?.name);
    for (const [name, text] of Object.entries(entries)) environment.set(name, { from: kind, text });
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
    const reference = configMapKeyRef ?? secretKeyRef;
    if (reference) {
      const kind = configMapKeyRef ? 'ConfigMap' : 'Secret';
      const text = dataOf(manifests, kind, reference.name)[reference.key];
      if (text !== undefined) environment.set(name, { from: kind, text });
    } else if (valueFrom) {
      environment.set(name, { from: 'pod' });
    } else {
      environment.set(name, { from: 'literal', text: expand(value ?? '', environment) });
    }
  }
  return environment;
}

// As the kubelet does it: what is unknown, or is only set further down, stays as it is written.
function expand(text: string, environment: ReadonlyMap<string, Variable>): string {
  return text.replace(/\$\((\w+)\)/g, (reference, name: string) => environment.get(name)?.text ?? reference);
}

/** Bytes of a Kubernetes quantity (`512Mi`) or a Redis size (`320mb`). */
export function bytes(quantity: string | undefined): number {
  const [, digits = 'NaN', unit = ''] = /^([\d.]+)([a-z]*)$/i.exec(quantity ?? '') ?? [];
  const powers: Readonly<Record<string, number>> = {
    '': 1,
    K: 1e3,
    M: 1e6,
    G: 1e9,
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    kb: 2 ** 10,
    mb: 2 ** 20,
    gb: 2 ** 30,
  };
  return Number(digits) * (powers[unit] ?? NaN);
}
