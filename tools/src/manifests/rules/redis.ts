import { bytes, environmentOf } from '../containers.js';
import type { Manifests } from '../manifests.js';
import { redisDirectives, redisGroups, sentinelDirectives } from '../redis-group.js';

/** What each group is for decides what it may forget. */
const roles: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  session: {
    'maxmemory-policy': 'noeviction',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'min-replicas-to-write': '1',
  },
  queue: {
    'maxmemory-policy': 'noeviction',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'min-replicas-to-write': '1',
  },
  cache: { 'maxmemory-policy': 'allkeys-lfu', appendonly: 'no', save: '""', 'min-replicas-to-write': '0' },
};

/** Beyond maxmemory lie replica buffers and, where a file is kept, the copy-on-write of its rewriting. */
const largestShareOfLimit = { yes: 0.7, no: 0.8 };

export function* allGroupsAreThere(manifests: Manifests): Iterable<string> {
  const names = redisGroups(manifests).map(({ name }) => name);
  for (const role of Object.keys(roles)) {
    if (!names.includes(role)) yield `no StatefulSet runs the Redis group ${role}`;
  }
}

/** An eviction in the session or queue group is a lost login or job; a file for the cache is work for nothing. */
export function* redisForgetsByRole(manifests: Manifests): Iterable<string> {
  for (const group of redisGroups(manifests)) {
    const directives = redisDirectives(group);
    for (const [directive, expected] of Object.entries(roles[group.name] ?? {})) {
      const value = directives.get(directive);
      if (value !== expected)
        yield `Redis ${group.name}: ${directive} must be ${expected}, is ${value ?? 'missing'}`;
    }
  }
}

/** What is kept in a file lies on a volume of its own that outlives the pod; the cache takes none. */
export function* volumesFitTheRole(manifests: Manifests): Iterable<string> {
  for (const group of redisGroups(manifests)) {
    const { id, manifest } = group.workload;
    const claims = (manifest.spec.volumeClaimTemplates as readonly unknown[] | undefined) ?? [];
    const retention = manifest.spec.persistentVolumeClaimRetentionPolicy as
      Record<string, string> | undefined;
    const isKept = roles[group.name]?.appendonly === 'yes';
    if (isKept !== claims.length > 0)
      yield `${id}: ${isKept ? 'needs' : 'must not have'} a volumeClaimTemplate`;
    if (isKept && Object.values(retention ?? { whenDeleted: '' }).some((policy) => policy !== 'Retain')) {
      yield `${id}: persistentVolumeClaimRetentionPolicy must be Retain`;
    }
  }
}

/** A Redis that outgrows its pod is killed instead of refusing or evicting. */
export function* maxmemoryLeavesRoom(manifests: Manifests): Iterable<string> {
  for (const group of redisGroups(manifests)) {
    const directives = redisDirectives(group);
    const share = largestShareOfLimit[directives.get('appendonly') === 'yes' ? 'yes' : 'no'];
    const limit = bytes(group.workload.pod.containers[0]?.resources?.limits?.memory);
    const maxmemory = bytes(directives.get('maxmemory'));
    if (!(maxmemory > 0 && maxmemory <= share * limit)) {
      yield `Redis ${group.name}: maxmemory must be set and at most ${share * 100} % of the memory limit`;
    }
  }
}

/** Below two seconds a pause is taken for a death; a second try comes after twice the failover timeout. */
export function* failoverIsPrompt(manifests: Manifests): Iterable<string> {
  for (const group of redisGroups(manifests)) {
    const directives = sentinelDirectives(group);
    const downAfterMs = Number(directives.get('down-after-milliseconds'));
    const timeoutMs = Number(directives.get('failover-timeout'));
    if (!(downAfterMs >= 2_000 && downAfterMs <= 5_000)) {
      yield `Sentinel of ${group.name}: down-after-milliseconds must be 2000 to 5000`;
    }
    if (!(timeoutMs >= 10_000 && timeoutMs <= 30_000)) {
      yield `Sentinel of ${group.name}: failover-timeout must be 10000 to 30000`;
    }
  }
}

/** A master is only handed over if a Sentinel of its own pod is still there and the pod has the time. */
export function* mastersAreHandedOver(manifests: Manifests): Iterable<string> {
  for (const { workload, scripts } of redisGroups(manifests)) {
    const { id, pod } = workload;
    const sentinel = pod.initContainers?.find(({ name }) => name === 'sentinel');
    if (sentinel?.restartPolicy !== 'Always')
      yield `${id}: sentinel must be an init container with restartPolicy Always`;
    if (!pod.containers[0]?.lifecycle?.preStop?.exec)
      yield `${id}: redis needs a preStop that runs pre-stop.sh`;
    const pauseMs = Number(/^pause_ms=(\d+)$/m.exec(scripts['pre-stop.sh'] ?? '')?.[1]);
    const graceMs = 1_000 * (pod.terminationGracePeriodSeconds ?? 30);
    if (!(graceMs >= 3 * pauseMs))
      yield `${id}: terminationGracePeriodSeconds must be three times the pause of pre-stop.sh`;
  }
}

/** Each pod knows all members by their names, and itself among them; else the majority is counted wrong. */
export function* membersAreNamed(manifests: Manifests): Iterable<string> {
  for (const { workload } of redisGroups(manifests)) {
    const { id, name, replicas = 1, manifest } = workload;
    const domain = `${String(manifest.spec.serviceName)}.$(POD_NAMESPACE).svc.cluster.local`;
    const expected = Array.from({ length: replicas }, (_, index) => `${name}-${index}.${domain}`).join(' ');
    for (const container of workload.containers) {
      const environment = environmentOf(container, manifests);
      if (environment.get('MEMBERS')?.text !== expected)
        yield `${id}, ${container.name}: MEMBERS must be ${expected}`;
      if (environment.get('SELF')?.text !== `$(POD_NAME).${domain}`)
        yield `${id}, ${container.name}: SELF must be $(POD_NAME).${domain}`;
    }
  }
}

/** Sentinels must find members that are not ready, all at once after a total loss, and without waiting for DNS. */
export function* membersCanFindEachOther(manifests: Manifests): Iterable<string> {
  for (const { workload } of redisGroups(manifests)) {
    const { id, manifest, pod } = workload;
    const service = manifests.named<typeof manifest>('Service', String(manifest.spec.serviceName));
    if (service?.spec.clusterIP !== 'None' || service.spec.publishNotReadyAddresses !== true) {
      yield `${id}: needs a headless service with publishNotReadyAddresses`;
    }
    if (manifest.spec.podManagementPolicy !== 'Parallel') yield `${id}: podManagementPolicy must be Parallel`;
    const dnsOption = (option: string) => pod.dnsConfig?.options?.find(({ name }) => name === option)?.value;
    if (dnsOption('ndots') !== '1' || dnsOption('timeout') !== '1')
      yield `${id}: dnsConfig needs ndots 1 and timeout 1`;
  }
}
