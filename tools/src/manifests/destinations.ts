import { containersOf, environmentOf } from './containers.js';
import type { Manifest, Manifests, Selector, Workload } from './manifests.js';
import { selects } from './manifests.js';

export type Service = Manifest & {
  readonly spec: {
    readonly clusterIP?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly targetPort?: number | string;
    }[];
  };
};

/** An address in a workload's environment that lies inside the cluster. */
export interface Destination {
  readonly from: Workload;
  readonly variable: string;
  readonly host: string;
  readonly port: number;
  /** Missing when no rendered service and pod has that name. */
  readonly to: Workload | undefined;
}

/** Every host and port of every Redis URL: what a pod must be able to reach. */
export function* destinations(manifests: Manifests): Iterable<Destination> {
  for (const { workload, container } of containersOf(manifests)) {
    for (const [variable, { text = '' }] of environmentOf(container, manifests)) {
      const hosts = /^rediss?(?:-sentinel)?:\/\/(?:[^@/]*@)?([^/]+)/.exec(text)?.[1] ?? '';
      for (const [, host = '', port = ''] of hosts.matchAll(/([^,:]+):(\d+)/g)) {
        yield {
          from: workload,
          variable,
          host,
          port: Number(port),
          to: podNamed(host, Number(port), manifests),
        };
      }
    }
  }
}

/** The workload behind `pod.service` (and whatever follows), if such a pod exists and its service has that port. */
function podNamed(host: string, port: number, manifests: Manifests): Workload | undefined {
  const [pod = '', serviceName] = host.split('.');
  const service = manifests.named<Service>('Service', serviceName);
  if (!service?.spec.ports?.some((candidate) => candidate.port === port)) return undefined;
  return manifests.workloads.find(
    ({ name, replicas = 1, kind, labels }) =>
      kind === 'StatefulSet' &&
      selects({ matchLabels: service.spec.selector ?? { '': '' } } satisfies Selector, labels) &&
      Array.from({ length: replicas }, (_, index) => `${name}-${index}`).includes(pod),
  );
}
