import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import type { Manifest } from './manifests.js';
import { parseManifests } from './parse.js';
import { RenderError } from './render.error.js';

interface Generator {
  readonly name: string;
  readonly files?: readonly string[];
  readonly envs?: readonly string[];
  readonly literals?: readonly string[];
}

interface Kustomization {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly resources?: readonly string[];
  readonly images?: readonly { readonly name: string; readonly newName?: string; readonly newTag?: string }[];
  readonly configMapGenerator?: readonly Generator[];
  readonly secretGenerator?: readonly Generator[];
}

const known = [
  'apiVersion',
  'kind',
  'namespace',
  'resources',
  'images',
  'configMapGenerator',
  'secretGenerator',
];
const clusterWide = ['Namespace', 'PriorityClass'];

/**
 * Reads a kustomization without kubectl: resources, namespace, images and generators, which is all that k8s/base uses.
 * Generated names get no hash.
 *
 * @throws RenderError for any other field, which it would otherwise silently leave out.
 */
export async function readKustomization(directory: string): Promise<Manifest[]> {
  const text = await readFile(join(directory, 'kustomization.yaml'), 'utf8');
  const kustomization = parse(text) as Kustomization;
  const unknown = Object.keys(kustomization).filter((field) => !known.includes(field));
  if (unknown.length > 0) {
    throw new RenderError(
      `${directory}: only kubectl understands ${unknown.join(', ')}; install it to check this directory.`,
    );
  }
  const resources = await Promise.all(
    (kustomization.resources ?? []).map((path) => readResource(join(directory, path))),
  );
  const generated = [
    ...(kustomization.configMapGenerator ?? []).map((generator) => configMap(directory, generator)),
    ...(kustomization.secretGenerator ?? []).map((generator) => secret(directory, generator)),
  ];
  const all = [...resources.flat(), ...(await Promise.all(generated))];
  return all.map((manifest) => inNamespace(withImages(manifest, kustomization), kustomization.namespace));
}

async function readResource(path: string): Promise<Manifest[]> {
  if ((await stat(path)).isDirectory()) return readKustomization(path);
  return parseManifests(await readFile(path, 'utf8'), path);
}

async function configMap(directory: string, generator: Generator) {
  const data = await generatedData(directory, generator);
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: generator.name }, data };
}

async function secret(directory: string, generator: Generator) {
  const texts = Object.entries(await generatedData(directory, generator));
  const data = Object.fromEntries(texts.map(([key, text]) => [key, Buffer.from(text).toString('base64')]));
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: generator.name }, data, type: 'Opaque' };
}

async function generatedData(directory: string, { files = [], envs = [], literals = [] }: Generator) {
  const contents = files.map(async (file) => {
    const [path = '', key = basename(path)] = file.split('=').reverse();
    return [key, await readFile(join(directory, path), 'utf8')] as const;
  });
  const environments = await Promise.all(envs.map((path) => readFile(join(directory, path), 'utf8')));
  const lines = environments.flatMap((text) => text.split('\n')).filter((line) => /^[^#\s]/.test(line));
  return Object.fromEntries([...(await Promise.all(contents)), ...[...lines, ...literals].map(pair)]);
}

function pair(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function withImages(manifest: Manifest, { images = [] }: Kustomization): Manifest {
  return JSON.parse(JSON.stringify(manifest), (key, value: unknown) => {
    const image = key === 'image' && images.find(({ name }) => name === value);
    return image ? `${image.newName ?? image.name}:${image.newTag ?? 'latest'}` : value;
  }) as Manifest;
}

function inNamespace(manifest: Manifest, namespace: string | undefined): Manifest {
  if (namespace === undefined || clusterWide.includes(manifest.kind)) return manifest;
  return { ...manifest, metadata: { ...manifest.metadata, namespace } as Manifest['metadata'] };
}
