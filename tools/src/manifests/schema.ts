import * as models from '@kubernetes/client-node';
import { idOf, type Manifest, type Manifests } from './manifests.js';

interface Attribute {
  readonly baseName: string;
  readonly type: string;
}
interface Model {
  getAttributeTypeMap(): readonly Attribute[];
}

const primitives: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  IntOrString: (value) => typeof value === 'string' || Number.isInteger(value),
  Date: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  any: () => true,
  object: (value) => typeof value === 'object',
};

/** Every field exists in Kubernetes' own models and has the right type; the API server would drop an unknown one silently. */
export function* fieldsAreKnown(manifests: Manifests): Iterable<string> {
  for (const manifest of manifests.all) {
    const type = modelNameOf(manifest);
    if (type === undefined) yield `${idOf(manifest)}: ${manifest.apiVersion} has no kind ${manifest.kind}`;
    else for (const problem of problemsOf(manifest, type, '')) yield `${idOf(manifest)}${problem}`;
  }
}

/** `apps/v1` and `Deployment` make `V1Deployment`. */
function modelNameOf({ apiVersion, kind }: Manifest): string | undefined {
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const name = `${version.charAt(0).toUpperCase()}${version.slice(1)}${kind}`;
  return modelOf(name) && name;
}

function modelOf(type: string): Model | undefined {
  const found: unknown = (models as Record<string, unknown>)[type];
  return typeof found === 'function' && 'getAttributeTypeMap' in found
    ? (found as unknown as Model)
    : undefined;
}

function* problemsOf(value: unknown, type: string, path: string): Iterable<string> {
  const itemType = /^(?:Array<(.+)>|Set<(.+)>)$/.exec(type);
  const valueType = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  const model = modelOf(type);
  if (itemType) {
    if (!Array.isArray(value)) yield `${path}: expected a list`;
    else
      for (const [index, item] of value.entries())
        yield* problemsOf(item, itemType[1] ?? itemType[2] ?? 'any', `${path}[${index}]`);
  } else if (valueType === undefined && model === undefined) {
    const isGood = primitives[type] ?? (() => true);
    if (!isGood(value)) yield `${path}: expected ${type}, got ${JSON.stringify(value)}`;
  } else if (!isRecord(value)) {
    yield `${path}: expected fields, got ${JSON.stringify(value)}`;
  } else {
    yield* fieldProblems(value, (field) => valueType ?? typeOfField(model, field), path);
  }
}

function typeOfField(model: Model | undefined, field: string): string | undefined {
  return model?.getAttributeTypeMap().find(({ baseName }) => baseName === field)?.type;
}

function* fieldProblems(
  value: Readonly<Record<string, unknown>>,
  typeOf: (field: string) => string | undefined,
  path: string,
): Iterable<string> {
  for (const [field, child] of Object.entries(value)) {
    const type = typeOf(field);
    if (type === undefined) yield `${path}.${field}: no such field`;
    else yield* problemsOf(child, type, `${path}.${field}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
