import { discard } from '../discard.js';
import { readEnvelope, type Envelope } from './envelope.js';
import type { EntryNames } from './scope.js';

/** What Redis holds under a key. */
export interface Stored {
  readonly envelope: Envelope;
  /** With the tags it was written under. */
  readonly names: EntryNames;
  /** Whether its versions are still the present ones; only they know who asked for {@link Stored.names}. */
  readonly isCurrent: boolean;
}

/** @param reply the bytes under each of `asked.all` */
export function storedIn(reply: readonly (Buffer | null)[], asked: EntryNames): Stored | undefined {
  const [bytes] = reply;
  if (!bytes) return undefined;
  const envelope = readEnvelope(bytes);
  if (!envelope) return discard('corrupt');
  const names = asked.under(envelope.tags);
  const isCurrent = names === asked && reply.every(Boolean) && reply.slice(1).join('.') === envelope.versions;
  return { envelope, names, isCurrent };
}
