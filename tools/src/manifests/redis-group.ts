import { dataOf, environmentOf } from './containers.js';
import type { Manifests, Workload } from './manifests.js';

/** A Redis group as it is deployed: its StatefulSet and the files its pods read. */
export interface RedisGroup {
  readonly name: string;
  readonly workload: Workload;
  /** The scripts, by file name. */
  readonly scripts: Readonly<Record<string, string>>;
  /** The configuration, by file name. */
  readonly conf: Readonly<Record<string, string>>;
}

/** Every StatefulSet whose pods name a group. */
export function redisGroups(manifests: Manifests): RedisGroup[] {
  return manifests.workloads.flatMap((workload) => {
    const redis = workload.pod.containers[0];
    const name = redis && environmentOf(redis, manifests).get('GROUP')?.text;
    if (workload.kind !== 'StatefulSet' || name === undefined) return [];
    const files = (volume: string) => {
      const source = workload.pod.volumes?.find((candidate) => candidate.name === volume)?.configMap?.name;
      return dataOf(manifests, 'ConfigMap', source);
    };
    return [{ name, workload, scripts: files('scripts'), conf: files('conf') }];
  });
}

/** The directives of the files Redis reads, in their order; the last one of a name wins. */
export function redisDirectives({ conf }: RedisGroup): ReadonlyMap<string, string> {
  return new Map(lines(`${conf['common.conf'] ?? ''}\n${conf['redis.conf'] ?? ''}`).map(nameAndRest));
}

/** `down-after-milliseconds` and so on, of the group's own master. */
export function sentinelDirectives({ conf, name }: RedisGroup): ReadonlyMap<string, string> {
  const own = lines(conf['sentinel.conf'] ?? '').map((line) => line.split(/\s+/));
  return new Map(own.flatMap(([, key = '', master, value = '']) => (master === name ? [[key, value]] : [])));
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => /^[^#\s]/.test(line));
}

function nameAndRest(line: string): readonly [string, string] {
  const [name = '', ...rest] = line.split(/\s+/);
  return [name, rest.join(' ')];
}
