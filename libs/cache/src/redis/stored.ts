import { discard } from '../discard.js';
import { readEnvelope, type Envelope } from './envelope.js';
import type { Reply } from './read-batch.js';
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
export function storedIn(reply: NonNullable<Reply>, asked: EntryNames): Stored | undefined {
  const [bytes] = reply;
  if (!bytes) return undefined;
  const envelope = readEnvelope(bytes);
  if (!envelope) return discard('corrupt');
  const names = asked.under(envelope.tags);
  return { envelope, names, isCurrent: names === asked && versionsIn(reply) === envelope.versions };
}

/** As an envelope writes them; `undefined` when one is absent. */
function versionsIn(reply: NonNullable<Reply>): string | undefined {
  let versions = '';
  for (let i = 1; i < reply.length; i += 1) {
    const version = reply[i];
    if (!version) return undefined;
    versions += i === 1 ? version.toString() : `.${version.toString()}`;
  }
  return versions;
}
