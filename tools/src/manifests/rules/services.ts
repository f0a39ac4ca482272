import type { Service } from '../destinations.js';
import { idOf, selects, type Manifest, type Manifests } from '../manifests.js';
import { opens, policiesOf } from '../network-edges.js';

type Ingress = Manifest & {
  readonly spec: {
    readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[];
    readonly rules?: readonly {
      readonly host?: string;
      readonly http?: { readonly paths: readonly { readonly backend: { readonly service?: Backend } }[] };
    }[];
  };
};
interface Backend {
  readonly name: string;
  readonly port: { readonly name?: string; readonly number?: number };
}

/** A service without pods, or with a port they do not open, answers nobody. */
export function* servicesHavePods(manifests: Manifests): Iterable<string> {
  for (const service of manifests.ofKind<Service>('Service')) {
    const pods = manifests.workloads.filter(({ labels }) =>
      selects({ matchLabels: service.spec.selector ?? { '': '' } }, labels),
    );
    if (pods.length === 0) yield `${idOf(service)}: selects no pods`;
    for (const { id, containers } of pods) {
      const open = containers
        .flatMap((container) => container.ports ?? [])
        .flatMap(({ name, containerPort }) => [name, containerPort]);
      for (const { port, targetPort = port } of service.spec.ports ?? []) {
        if (!open.includes(targetPort)) yield `${idOf(service)}: ${id} does not open port ${targetPort}`;
      }
    }
  }
}

/** Reasons and metrics are for operators: neither an Ingress nor a Service leads to the management port. */
export function* managementStaysInside(manifests: Manifests): Iterable<string> {
  for (const service of manifests.ofKind<Service>('Service')) {
    const leads = service.spec.ports?.some(({ port, targetPort = port }) =>
      ['management', 9000].includes(targetPort),
    );
    if (leads) yield `${idOf(service)}: leads to the management port`;
  }
  for (const workload of manifests.workloads) {
    const management = workload.containers
      .flatMap(({ ports = [] }) => ports)
      .find(({ name }) => name === 'management');
    if (!management) continue;
    const toMetrics = policiesOf(manifests, workload.labels).flatMap(({ spec }) => spec.ingress ?? []);
    for (const rule of toMetrics.filter((candidate) =>
      opens(candidate, { to: workload, port: management.containerPort }),
    )) {
      const isMonitoring = rule.from?.every(
        (peer) => 'trivet.example/monitoring' in (peer.namespaceSelector?.matchLabels ?? {}),
      );
      if (!isMonitoring) yield `${workload.id}: its management port is open to others than monitoring`;
    }
  }
}

/** Every subdomain by TLS, and to a port that its service has. */
export function* ingressesLeadToServices(manifests: Manifests): Iterable<string> {
  for (const ingress of manifests.ofKind<Ingress>('Ingress')) {
    const { rules = [], tls = [] } = ingress.spec;
    for (const { host = '', http } of rules) {
      if (!tls.some(({ hosts, secretName }) => secretName && hosts?.includes(host)))
        yield `${idOf(ingress)}: ${host || 'every host'} has no TLS`;
      for (const { backend } of http?.paths ?? []) {
        const service = manifests.named<Service>('Service', backend.service?.name);
        const { name, number } = backend.service?.port ?? {};
        if (!service?.spec.ports?.some((port) => port.name === name || port.port === number)) {
          yield `${idOf(ingress)}: leads to ${backend.service?.name}:${name ?? number}, which is no port of a rendered Service`;
        }
      }
    }
  }
}

/** What the apps write into links and cookies is what the Ingresses serve. */
export function* publicUrlsAreServed(manifests: Manifests): Iterable<string> {
  const served = manifests
    .ofKind<Ingress>('Ingress')
    .flatMap(({ spec }) => (spec.rules ?? []).map(({ host }) => host));
  for (const { data = {} } of manifests.ofKind<Manifest & { data?: Record<string, string> }>('ConfigMap')) {
    for (const [name, value] of Object.entries(data)) {
      if (!name.startsWith('PUBLIC_URL_')) continue;
      const url = URL.canParse(value) ? new URL(value) : undefined;
      if (url?.protocol !== 'https:' || !served.includes(url.host))
        yield `${name}: ${value} is not served by TLS by an Ingress`;
      if (!url?.host.endsWith(`.${data.COOKIE_DOMAIN}`))
        yield `${name}: ${value} is outside of COOKIE_DOMAIN`;
    }
  }
}
