import { containersOf, dataOf, environmentOf } from '../containers.js';
import { idOf, type Manifest, type Manifests } from '../manifests.js';

const everybody = [
  'NODE_ENV',
  'LOG_LEVEL',
  'LOG_FORMAT',
  'MANAGEMENT_HOST',
  'MANAGEMENT_PORT',
  'DATABASE_URL',
  'REDIS_QUEUE_URL',
];
const web = [
  ...['HOST', 'PORT', 'REDIS_SESSION_URL', 'REDIS_CACHE_URL', 'PUBLIC_URL_DASHBOARD', 'PUBLIC_URL_LEARN'],
  ...['COOKIE_DOMAIN', 'COOKIE_SECRETS', 'SESSION_KEY_SECRET', 'SESSION_SEAL_KEYS', 'TRUSTED_PROXIES'],
];
/** What each entry point reads from its environment. */
export const needs: Readonly<Record<string, readonly string[]>> = {
  'apps/dashboard/dist/main.js': [...everybody, ...web],
  'apps/learn/dist/main.js': [...everybody, ...web],
  'apps/worker/dist/main.js': [...everybody, 'SMTP_URL', 'MAIL_FROM', 'PUBLIC_URL_LEARN'],
  'apps/worker/dist/migrate.js': ['NODE_ENV', 'DATABASE_URL'],
};
const isSecret = /PASSWORD|SECRET|DATABASE_URL|SMTP_URL|TOKEN|PRIVATE/;

export function* allProcessesRun(manifests: Manifests): Iterable<string> {
  const commands = manifests.workloads.flatMap(({ containers }) =>
    containers.flatMap(({ command = [] }) => command),
  );
  for (const entry of Object.keys(needs)) {
    if (!commands.includes(entry)) yield `no workload runs ${entry}`;
  }
}

/** A missing variable stops the boot; here it stops the review. */
export function* neededVariablesAreSet(manifests: Manifests): Iterable<string> {
  for (const { container, id } of containersOf(manifests)) {
    const environment = environmentOf(container, manifests);
    const entry = container.command?.find((word) => word in needs) ?? '';
    for (const name of needs[entry] ?? []) {
      if (!environment.has(name)) yield `${id}: ${name} is not set`;
    }
  }
}

/** Secrets come from Secrets, never from a manifest or a ConfigMap that anybody may read. */
export function* secretsAreNotInline(manifests: Manifests): Iterable<string> {
  for (const { container, id } of containersOf(manifests)) {
    for (const [name, { from }] of environmentOf(container, manifests)) {
      if (isSecret.test(name) && from !== 'Secret')
        yield `${id}: ${name} comes from a ${from}, must come from a Secret`;
    }
    for (const { name, value = '' } of container.env ?? []) {
      if (/\/\/[^@/]*:(?!\$\()[^@/]+@/.test(value)) yield `${id}: ${name} holds a password`;
    }
  }
}

/** What is committed opens nothing: only placeholders, too short for the apps and the Redis pods to take. */
export function* committedSecretsArePlaceholders(manifests: Manifests): Iterable<string> {
  for (const secret of manifests.ofKind<Manifest>('Secret')) {
    for (const [key, text] of Object.entries(dataOf(manifests, 'Secret', secret.metadata.name))) {
      if (text !== 'replace-me') yield `${idOf(secret)}: ${key} must be the placeholder replace-me`;
    }
  }
}

/** A name that is not there keeps the pod from starting. */
export function* referencesExist(manifests: Manifests): Iterable<string> {
  for (const { container, id } of containersOf(manifests)) {
    for (const { name, valueFrom } of container.env ?? []) {
      const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
      const reference = configMapKeyRef ?? secretKeyRef;
      const kind = configMapKeyRef ? 'ConfigMap' : 'Secret';
      if (reference && !(reference.key in dataOf(manifests, kind, reference.name))) {
        yield `${id}: ${name} needs the key ${reference.key} of ${kind}/${reference.name}`;
      }
    }
    for (const { configMapRef, secretRef } of container.envFrom ?? []) {
      const [kind, name] = configMapRef ? ['ConfigMap', configMapRef.name] : ['Secret', secretRef?.name];
      if (!manifests.named(kind ?? '', name)) yield `${id}: needs ${kind}/${name}`;
    }
  }
  for (const { id, pod } of manifests.workloads) {
    for (const { configMap, secret } of pod.volumes ?? []) {
      if (configMap && !manifests.named('ConfigMap', configMap.name))
        yield `${id}: mounts ConfigMap/${configMap.name}`;
      if (secret && !manifests.named('Secret', secret.secretName))
        yield `${id}: mounts Secret/${secret.secretName}`;
    }
  }
}
