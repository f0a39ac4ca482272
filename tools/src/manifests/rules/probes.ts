import type { V1Probe } from '@kubernetes/client-node';
import { containersOf } from '../containers.js';
import type { Manifests } from '../manifests.js';

/** Everything that runs on is watched in all three phases. Jobs end by themselves. */
export function* probesArePresent(manifests: Manifests): Iterable<string> {
  for (const { workload, container, id } of containersOf(manifests)) {
    if (workload.kind === 'Job') continue;
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) {
      if (!container[probe]) yield `${id}: ${probe} is missing`;
    }
  }
}

/** A loss of Redis must never restart an app: it lives through it. Readiness may know, liveness may not. */
export function* livenessIgnoresRedis(manifests: Manifests): Iterable<string> {
  for (const { workload, container, id } of containersOf(manifests)) {
    if (workload.kind !== 'Deployment') continue;
    for (const probe of ['startupProbe', 'livenessProbe'] as const) {
      const { path } = container[probe]?.httpGet ?? {};
      if (container[probe] && path !== '/health/live')
        yield `${id}: ${probe} must ask /health/live, not ${path ?? 'by a command'}`;
    }
    const { path } = container.readinessProbe?.httpGet ?? {};
    if (container.readinessProbe && path !== '/health/ready')
      yield `${id}: readinessProbe must ask /health/ready`;
  }
}

/** A port that nobody listens on makes every probe fail. */
export function* probesAskAnOpenPort(manifests: Manifests): Iterable<string> {
  for (const { container, id } of containersOf(manifests)) {
    const ports = (container.ports ?? []).flatMap(({ name, containerPort }) => [name, containerPort]);
    const probes: readonly (V1Probe | undefined)[] = [
      container.startupProbe,
      container.livenessProbe,
      container.readinessProbe,
    ];
    for (const port of probes.flatMap((probe) => probe?.httpGet?.port ?? [])) {
      if (!ports.includes(port)) yield `${id}: a probe asks port ${port}, which it does not open`;
    }
  }
}
