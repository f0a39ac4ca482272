import { beforeAll, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { readKustomization } from './kustomization.js';
import { idOf, Manifests, type Manifest } from './manifests.js';
import { rules } from './rules.js';

const pod = 'spec.template.spec';
const redis = `${pod}.containers.0`;
const app = redis;
const conf = (file: string) => `data.${file.replace('.', '\\.')}`;
const replace = (from: string, to: string) => (text: unknown) => String(text).replace(from, to);
const gone = undefined;

/** Rule, object, field, its new value (or what becomes of the old one), and a part of the sentence that must appear. */
type Violation = readonly [rule: string, object: string, path: string, value: unknown, finding: string];

// One row, one line.
// prettier-ignore
const violations: readonly Violation[] = [
  ['fieldsAreKnown', 'Deployment/learn', `${pod}.dnsPolicies`, 'Default', '.spec.template.spec.dnsPolicies: no such field'],
  ['fieldsAreKnown', 'Deployment/worker', 'spec.replicas', '2', 'expected number, got "2"'],
  ['fieldsAreKnown', 'Deployment/learn', 'apiVersion', 'apps/v9', 'has no kind Deployment'],
  ['fieldsAreKnown', 'Service/learn', 'spec.ports', { port: 80 }, 'expected a list'],
  ['fieldsAreKnown', 'Service/learn', 'spec.selector', 'learn', 'expected fields'],
  ['namespaceEnforcesRestricted', 'Namespace/trivet', 'metadata.labels', {}, 'enforce must be restricted'],
  ['podsAreRestricted', 'Deployment/learn', `${pod}.securityContext.runAsNonRoot`, gone, 'runAsNonRoot'],
  ['podsAreRestricted', 'Deployment/learn', `${pod}.securityContext.seccompProfile`, gone, 'seccompProfile'],
  ['podsAreRestricted', 'Deployment/learn', `${pod}.hostNetwork`, true, 'shares a namespace'],
  ['podsAreRestricted', 'Deployment/learn', `${pod}.volumes.0.hostPath`, { path: '/' }, 'mounts a path'],
  ['podsAreRestricted', 'Deployment/learn', `${app}.securityContext`, gone, 'allowPrivilegeEscalation'],
  ['podsAreRestricted', 'Deployment/learn', `${app}.securityContext.privileged`, true, 'privileged'],
  ['podsAreRestricted', 'Deployment/learn', `${app}.securityContext.capabilities.add`, ['NET_RAW'], 'add none'],
  ['podsAreRestricted', 'Job/migrate', `${app}.securityContext.readOnlyRootFilesystem`, false, 'readOnlyRoot'],
  ['tokensAreNotMounted', 'Deployment/worker', `${pod}.automountServiceAccountToken`, gone, 'automount'],
  ['tokensAreNotMounted', 'Deployment/worker', `${pod}.serviceAccountName`, 'wroker', 'service account wroker'],
  ['resourcesAreSet', 'Deployment/worker', `${app}.resources.requests.cpu`, gone, 'cpu is missing'],
  ['resourcesAreSet', 'Deployment/worker', `${app}.resources.limits.memory`, '1Gi', 'same amount'],
  ['imagesAreTagged', 'Deployment/worker', `${app}.image`, 'trivet/app:latest', 'needs a version'],
  ['imagesAreTagged', 'Deployment/worker', `${app}.image`, 'registry:5000/app', 'needs a version'],
  ['priorityClassesExist', 'Deployment/worker', `${pod}.priorityClassName`, 'high', 'priority class high'],
  ['probesArePresent', 'StatefulSet/redis-queue', `${redis}.readinessProbe`, gone, 'readinessProbe is missing'],
  ['probesArePresent', 'Deployment/worker', `${app}.livenessProbe`, gone, 'livenessProbe is missing'],
  ['livenessIgnoresRedis', 'Deployment/learn', `${app}.livenessProbe.httpGet.path`, '/health/ready', 'not /health/ready'],
  ['livenessIgnoresRedis', 'Deployment/learn', `${app}.livenessProbe.httpGet`, gone, 'not by a command'],
  ['livenessIgnoresRedis', 'Deployment/learn', `${app}.readinessProbe.httpGet.path`, '/', 'must ask /health/ready'],
  ['probesAskAnOpenPort', 'Deployment/learn', `${app}.livenessProbe.httpGet.port`, 9100, 'asks port 9100'],
  ['membersKeepToDifferentNodes', 'StatefulSet/redis-cache', `${pod}.affinity`, gone, 'required podAntiAffinity'],
  ['membersKeepToDifferentNodes', 'StatefulSet/redis-cache', `${pod}.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.0.labelSelector.matchLabels`, { 'app.kubernetes.io/name': 'redis-queue' }, 'selects its own pods'],
  ['membersKeepToDifferentNodes', 'StatefulSet/redis-session', `${pod}.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.0.topologyKey`, 'topology.kubernetes.io/zone', 'kubernetes.io/hostname'],
  ['appsSpreadOverNodes', 'Deployment/learn', `${pod}.topologySpreadConstraints.0.whenUnsatisfiable`, 'ScheduleAnyway', 'DoNotSchedule'],
  ['appsSpreadOverNodes', 'Deployment/learn', `${pod}.topologySpreadConstraints.0.minDomains`, gone, 'minDomains'],
  ['replicasAreEnough', 'Deployment/worker', 'spec.replicas', 1, 'needs at least 2'],
  ['replicasAreEnough', 'Deployment/learn', 'spec.replicas', 2, 'belong to its autoscaler'],
  ['replicasAreEnough', 'HorizontalPodAutoscaler/learn', 'spec.minReplicas', 1, 'needs at least 2'],
  ['replicasAreEnough', 'StatefulSet/redis-queue', 'spec.replicas', 2, 'no majority'],
  ['budgetsLetOneGo', 'PodDisruptionBudget/worker', 'spec.maxUnavailable', 0, 'maxUnavailable: 1'],
  ['budgetsLetOneGo', 'PodDisruptionBudget/worker', 'spec.minAvailable', 2, 'nothing else'],
  ['budgetsLetOneGo', 'PodDisruptionBudget/worker', 'spec.selector.matchLabels', { app: 'w' }, 'has 0'],
  ['budgetsLetOneGo', 'PodDisruptionBudget/worker', 'spec.unhealthyPodEvictionPolicy', gone, 'AlwaysAllow'],
  ['allGroupsAreThere', 'StatefulSet/redis-cache', 'kind', 'Deployment', 'group cache'],
  ['redisForgetsByRole', 'ConfigMap/redis-session', conf('redis.conf'), replace('noeviction', 'allkeys-lru'), 'must be noeviction'],
  ['redisForgetsByRole', 'ConfigMap/redis-queue', conf('redis.conf'), replace('appendonly yes', ''), 'appendonly must be yes, is missing'],
  ['redisForgetsByRole', 'ConfigMap/redis-cache', conf('redis.conf'), replace('save ""', 'save 60 1'), 'save must be ""'],
  ['volumesFitTheRole', 'StatefulSet/redis-session', 'spec.volumeClaimTemplates', gone, 'needs a volumeClaimTemplate'],
  ['volumesFitTheRole', 'StatefulSet/redis-cache', 'spec.volumeClaimTemplates', [{}], 'must not have'],
  ['volumesFitTheRole', 'StatefulSet/redis-queue', 'spec.persistentVolumeClaimRetentionPolicy.whenScaled', 'Delete', 'must be Retain'],
  ['maxmemoryLeavesRoom', 'ConfigMap/redis-session', conf('redis.conf'), replace('320mb', '400mb'), 'at most 70 %'],
  ['maxmemoryLeavesRoom', 'ConfigMap/redis-cache', conf('redis.conf'), replace('maxmemory 400mb', ''), 'must be set'],
  ['maxmemoryLeavesRoom', 'StatefulSet/redis-cache', `${redis}.resources.limits.memory`, '256Mi', 'at most 80 %'],
  ['failoverIsPrompt', 'ConfigMap/redis-queue', conf('sentinel.conf'), replace('queue 3000', 'queue 500'), '2000 to 5000'],
  ['failoverIsPrompt', 'ConfigMap/redis-queue', conf('sentinel.conf'), replace('queue 15000', 'queue 180000'), '10000 to 30000'],
  ['failoverIsPrompt', 'ConfigMap/redis-queue', conf('sentinel.conf'), replace('queue 3000', 'mymaster 3000'), '2000 to 5000'],
  ['mastersAreHandedOver', 'StatefulSet/redis-queue', `${pod}.initContainers.0.restartPolicy`, gone, 'restartPolicy Always'],
  ['mastersAreHandedOver', 'StatefulSet/redis-queue', `${redis}.lifecycle`, gone, 'preStop'],
  ['mastersAreHandedOver', 'StatefulSet/redis-queue', `${pod}.terminationGracePeriodSeconds`, 10, 'terminationGracePeriodSeconds'],
  ['membersAreNamed', 'StatefulSet/redis-queue', 'spec.replicas', 5, 'MEMBERS must be'],
  ['membersAreNamed', 'StatefulSet/redis-queue', 'spec.serviceName', 'queue', 'SELF must be'],
  ['membersCanFindEachOther', 'Service/redis-queue', 'spec.publishNotReadyAddresses', gone, 'publishNotReadyAddresses'],
  ['membersCanFindEachOther', 'Service/redis-queue', 'spec.clusterIP', gone, 'headless'],
  ['membersCanFindEachOther', 'StatefulSet/redis-queue', 'spec.podManagementPolicy', gone, 'Parallel'],
  ['membersCanFindEachOther', 'StatefulSet/redis-queue', `${pod}.dnsConfig`, gone, 'ndots'],
  ['allProcessesRun', 'Job/migrate', `${app}.command`, ['node', 'x.js'], 'apps/worker/dist/migrate.js'],
  ['neededVariablesAreSet', 'ConfigMap/platform', 'data.COOKIE_DOMAIN', gone, 'COOKIE_DOMAIN is not set'],
  ['neededVariablesAreSet', 'Deployment/worker', `${app}.env`, [], 'DATABASE_URL is not set'],
  ['secretsAreNotInline', 'ConfigMap/platform', 'data.SESSION_KEY_SECRET', 'x'.repeat(32), 'comes from a ConfigMap'],
  ['secretsAreNotInline', 'Deployment/worker', `${app}.env.0`, { name: 'DATABASE_URL', value: 'postgresql://h/d' }, 'comes from a literal'],
  ['secretsAreNotInline', 'Deployment/worker', `${app}.env.0`, { name: 'OTHER_URL', value: 'redis://:hunter2@h:1' }, 'holds a password'],
  ['committedSecretsArePlaceholders', 'Secret/platform', 'data.COOKIE_SECRETS', 'aHVudGVyMg==', 'must be the placeholder'],
  ['referencesExist', 'Secret/redis-passwords', 'data.queue', gone, 'needs the key queue of Secret/redis-passwords'],
  ['referencesExist', 'ConfigMap/platform', 'metadata.name', 'platfrom', 'needs ConfigMap/platform'],
  ['referencesExist', 'ConfigMap/redis-scripts', 'metadata.name', 'scripts', 'mounts ConfigMap/redis-scripts'],
  ['everythingIsDeniedFirst', 'NetworkPolicy/default-deny', 'spec.policyTypes', ['Ingress'], 'denies all'],
  ['everythingIsDeniedFirst', 'NetworkPolicy/default-deny', 'spec.egress', [{}], 'denies all'],
  ['namesCanBeLookedUp', 'NetworkPolicy/names', 'spec.podSelector.matchLabels', { a: 'b' }, 'ask for names'],
  ['addressesLeadSomewhere', 'Service/redis-queue', 'metadata.name', 'redis-jobs', 'no rendered service and pod'],
  ['addressesLeadSomewhere', 'StatefulSet/redis-queue', 'spec.replicas', 2, 'redis-queue-2.redis-queue:26379'],
  ['addressesLeadSomewhere', 'NetworkPolicy/worker', 'spec.egress', gone, 'do not let it reach'],
  ['redisPortsAreReachable', 'NetworkPolicy/redis-cache', 'spec.ingress.0.ports', [{ port: 26379 }], 'port 6379'],
  ['redisPortsAreReachable', 'NetworkPolicy/redis-session', 'spec.egress', gone, 'StatefulSet/redis-session: the'],
  ['redisIsOpenToItsUsersOnly', 'NetworkPolicy/redis-queue', 'spec.ingress.0.from', gone, 'StatefulSet/redis-cache: is let into StatefulSet/redis-queue'],
  ['servicesHavePods', 'Service/learn', 'spec.selector', { app: 'learn' }, 'selects no pods'],
  ['servicesHavePods', 'Service/learn', 'spec.ports.0.targetPort', 8080, 'does not open port 8080'],
  ['managementStaysInside', 'Service/learn', 'spec.ports.0.targetPort', 'management', 'leads to the management port'],
  ['managementStaysInside', 'NetworkPolicy/metrics', 'spec.ingress.0.from', gone, 'open to others'],
  ['ingressesLeadToServices', 'Ingress/learn', 'spec.tls', gone, 'has no TLS'],
  ['ingressesLeadToServices', 'Service/learn', 'spec.ports.0.name', 'web', 'no port of a rendered Service'],
  ['publicUrlsAreServed', 'ConfigMap/platform', 'data.PUBLIC_URL_LEARN', 'http://learn.trivet.example', 'not served by TLS'],
  ['publicUrlsAreServed', 'Ingress/learn', 'spec.rules.0.host', 'lern.trivet.example', 'not served by TLS'],
  ['publicUrlsAreServed', 'ConfigMap/platform', 'data.COOKIE_DOMAIN', 'trivet.test', 'outside of COOKIE_DOMAIN'],
];

let base: readonly Manifest[];
beforeAll(async () => {
  base = await readKustomization(fileURLToPath(new URL('../../../k8s/base', import.meta.url)));
});

function findings(ruleName: string, manifests: readonly Manifest[]): string[] {
  const rule = rules.find(({ name }) => name === ruleName);
  if (!rule) throw new Error(`There is no rule ${ruleName}.`);
  return [...rule(new Manifests(manifests))];
}

/** A copy of the base in which one field of one object is another. */
function changed(id: string, path: string, value: unknown): Manifest[] {
  const copy = structuredClone(base) as Manifest[];
  const keys = path.split(/(?<!\\)\./).map((key) => key.replace('\\.', '.'));
  const last = keys.pop() ?? '';
  let parent = copy.find((manifest) => idOf(manifest) === id) as unknown as Record<string, unknown>;
  for (const key of keys) parent = parent[key] as Record<string, unknown>;
  const next: unknown =
    typeof value === 'function' ? (value as (old: unknown) => unknown)(parent[last]) : value;
  if (next === undefined) delete parent[last];
  else parent[last] = next;
  return copy;
}

describe('the base', () => {
  it.each(rules.map(({ name }) => name))('holds %s', (name) => {
    expect(findings(name, base)).toEqual([]);
  });
});

describe('a violation', () => {
  it.each(violations)('of %s in %s is found: %s', (rule, object, path, value, finding) => {
    expect(findings(rule, changed(object, path, value)).join('\n')).toContain(finding);
  });

  it('is known for every rule', () => {
    expect(
      rules.map(({ name }) => name).filter((name) => !violations.some(([rule]) => rule === name)),
    ).toEqual([]);
  });
});
