import { LRUCache } from 'lru-cache';
import type { CacheMemoryEvent } from '../cache.events.js';
import type { Entry } from './entry.js';

/** Entries of this process, the least recently used go first when they outgrow their bytes. */
export class MemoryTier {
  readonly #entries: LRUCache<string, Entry> | undefined;

  constructor(maxBytes: number) {
    // lru-cache takes no zero for a size; an entry as large as the whole would only empty it.
    this.#entries =
      maxBytes > 0
        ? new LRUCache({
            maxSize: maxBytes,
            maxEntrySize: Math.ceil(maxBytes / 4),
            sizeCalculation: ({ bytes }) => bytes,
          })
        : undefined;
  }

  get size(): CacheMemoryEvent {
    return { entries: this.#entries?.size ?? 0, bytes: this.#entries?.calculatedSize ?? 0 };
  }

  get isOn(): boolean {
    return this.#entries !== undefined;
  }

  get(name: string): Entry | undefined {
    return this.#entries?.get(name);
  }

  set(entry: Entry): void {
    this.#entries?.set(entry.names.value, entry);
  }

  delete(name: string): void {
    this.#entries?.delete(name);
  }
}
