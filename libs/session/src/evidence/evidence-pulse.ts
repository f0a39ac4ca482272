import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { RedisUnavailableError, type GuardedRedis } from '@trivet/redis';
import type { HeartWatch } from '../recovery/heart-watch.js';
import { sessionFeedChannel, sessionLossChannel } from '../session.events.js';
import type { EvidenceFeed } from './evidence-feed.js';
import type { EvidenceMirror } from './evidence-mirror.js';
import { decode } from './testimony.js';
import type { Witness } from './witness.js';

/** What an {@link EvidencePulse} keeps level. */
export interface PulseParts {
  readonly feed: EvidenceFeed;
  readonly heart: HeartWatch;
  readonly redis: GuardedRedis;
  /** Absent in an app without PostgreSQL. */
  readonly mirror: EvidenceMirror | undefined;
  readonly intervalMs: number;
}

/** The mirror is swept once in this many pulses. */
const pulsesPerSweep = 600;

/**
 * Keeps the evidence of this process level with both stores: at once by pub/sub, and once a second by asking both, which also
 * makes up for every message that was missed.
 */
@Injectable()
export class EvidencePulse implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger('Session');
  readonly #undo: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #settling: Promise<void> | undefined;
  #count = 0;
  #isOver = false;
  #isRefused = false;

  constructor(private readonly parts: PulseParts) {}

  onModuleInit(): void {
    const { redis, heart } = this.parts;
    heart.onLoss((cause) => {
      sessionLossChannel.publish({ cause });
      this.parts.feed.doubt('redis');
      this.#logger.warn(
        'The session Redis may have lost data; sessions may be restored from their browsers',
        {
          event: 'session_data_lost',
          cause,
        },
      );
    });
    this.#listen();
    this.#undo.push(redis.onState(({ reads }) => reads === 'up' && this.#onReturn()));
    this.#undo.push(redis.onChange((change) => change === 'failover' && heart.failedOver()));
    this.#onReturn();
    this.#next(0);
  }

  /** Resolves when Redis, back after an outage, has been told what it missed; at once in ordinary times. */
  settled(): Promise<void> | undefined {
    return this.#settling;
  }

  /** Hears both stores out and tells them what they lack. */
  async beat(): Promise<void> {
    const { feed, heart, mirror } = this.parts;
    this.#reportMirror(await softly(feed.witness('mirror')));
    if (mirror) heart.remember(mirror.beat);
    await softly(feed.witness('redis'));
    await mirror?.note(heart.known.beat).catch(ignore);
    if (this.#count++ % pulsesPerSweep === 0) {
      feed.prune();
      await mirror?.prune().catch(ignore);
    }
    this.#publish();
  }

  onApplicationShutdown(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    for (const undo of this.#undo) undo();
  }

  /** An outage is the database's to report; a refusal would last until somebody does something about it. */
  #reportMirror(error: unknown): void {
    const isRefused = (error as { code?: unknown } | undefined)?.code === 'DATABASE_QUERY_FAILED';
    if (isRefused && !this.#isRefused) {
      this.#logger.error('PostgreSQL refuses the evidence of ended sessions; run `sessionMigrations`', {
        event: 'session_mirror_refused',
        error,
      });
    }
    this.#isRefused = isRefused;
  }

  #onReturn(): void {
    if (this.parts.redis.state.reads !== 'up') return;
    this.parts.heart.reconnected();
    this.parts.feed.doubt('redis');
    this.#settling = softly(this.parts.feed.witness('redis')).then(() => {
      this.#settling = undefined;
    });
  }

  #listen(): void {
    const subscriber = this.parts.redis.connectionFor('subscriber');
    subscriber.on('message', (_channel, text) => {
      const item = decode(text);
      if (item) this.parts.feed.hear(item);
    });
    // Whatever has kept a connection from it, the next one asks again; until then the pulse hears what is to be heard.
    subscriber.on('ready', () => void subscriber.subscribe('sess:evidence').catch(() => undefined));
  }

  #next(delayMs: number): void {
    if (this.#isOver) return;
    const again = () => this.#next(this.#jittered());
    const report = (error: unknown) => this.#logger.error(error);
    this.#timer = setTimeout(() => void this.beat().catch(report).finally(again), delayMs);
    this.#timer.unref();
  }

  #jittered(): number {
    return this.parts.intervalMs * (0.75 + Math.random() / 4);
  }

  #publish(): void {
    const { feed, heart } = this.parts;
    const owed = { redis: feed.witness('redis')?.debt ?? 0, mirror: feed.witness('mirror')?.debt ?? 0 };
    sessionFeedChannel.publish({
      ...{ ageMs: feed.feedAgeMs, ...feed.extent },
      ...{ owed, recovering: heart.lostBefore > 0 },
    });
  }
}

/**
 * A store that is away is heard next time; the guarded connection and the database report their outages.
 *
 * @returns why it was not heard.
 */
async function softly(witness: Witness | undefined): Promise<unknown> {
  try {
    await witness?.hear();
    return undefined;
  } catch (error) {
    ignore(error);
    return error;
  }
}

function ignore(error: unknown): void {
  if (error instanceof RedisUnavailableError) return;
  const code = (error as { code?: unknown }).code;
  if (code === 'DATABASE_UNAVAILABLE' || code === 'DATABASE_QUERY_FAILED' || code === 'DEADLINE_EXCEEDED')
    return;
  throw error;
}
