/** The names in Redis that one entry depends on. */
export class EntryNames {
  readonly value: string;
  readonly lease: string;
  /** Versions of its namespaces, outermost first, then of its tags. */
  readonly versions: readonly string[];
  /** What invalidates it: its own name and its versions'. */
  readonly all: readonly string[];

  constructor(
    private readonly scope: Scope,
    private readonly key: string,
    readonly tags: readonly string[],
  ) {
    [this.value, this.lease] = scope.keyNames(key);
    this.versions =
      tags.length > 0 ? [...scope.versions, ...tags.map((tag) => scope.tag(tag))] : scope.versions;
    this.all = [this.value, ...this.versions];
  }

  /** The same key under the tags that it was written with. */
  under(tags: readonly string[]): EntryNames {
    const isSame = tags.length === this.tags.length && tags.every((tag, index) => tag === this.tags[index]);
    return isSame ? this : new EntryNames(this.scope, this.key, tags);
  }
}

/**
 * A namespace's names. It is a tag that each of its keys carries, and so are the namespaces around it: emptying one
 * takes away a single version, and no key is touched.
 */
export class Scope {
  readonly version: string;
  readonly versions: readonly string[];

  constructor(
    private readonly path: string,
    outer: readonly string[] = [],
  ) {
    this.version = `${path}:n`;
    this.versions = [...outer, this.version];
  }

  within(name: string): Scope {
    return new Scope(`${this.path}/${name}`, this.versions);
  }

  value(key: string): string {
    return `${this.path}:k:${key}`;
  }

  tag(tag: string): string {
    return `${this.path}:t:${tag}`;
  }

  /** What has to go so that a key is gone: its value, and the lease of a load that is under way. */
  keyNames(key: string): readonly [value: string, lease: string] {
    return [this.value(key), `${this.path}:l:${key}`];
  }

  names(key: string, tags: readonly string[] = []): EntryNames {
    return new EntryNames(this, key, tags.length > 1 ? [...new Set(tags)].sort() : tags);
  }
}
