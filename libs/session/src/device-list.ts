import type { GuardedRedis, RedisOperation } from '@trivet/redis';
import type { SessionData } from 'express-session';
import type { Device } from './device.js';
import type { SessionKeys } from './session-keys.js';
import type { ResolvedSessionOptions } from './session.options.js';
import { readRecord, type SessionIdentity } from './session-record.js';

/** A device with the key of its record, which never leaves the library. */
interface IndexedDevice {
  readonly key: string;
  readonly identity: SessionIdentity;
  readonly lastSeenAt: Date;
}

const list: RedisOperation = { name: 'session.devices', kind: 'read' };
const revoke: RedisOperation = { name: 'session.revoke', kind: 'write' };
const remember: RedisOperation = { name: 'session.remember-device', kind: 'write' };

/** Which sessions a user has, kept beside them in Redis and read without a SCAN. */
export class DeviceList {
  constructor(
    private readonly redis: GuardedRedis,
    private readonly keys: SessionKeys,
    private readonly options: ResolvedSessionOptions,
  ) {}

  /** Notes a new session. @throws {RedisUnavailableError} */
  async add(userId: string, sid: string): Promise<void> {
    const index = this.keys.userIndex(userId);
    await this.redis.attempt(remember, (client) =>
      client.multi().sadd(index, this.keys.record(sid)).pexpire(index, this.options.absoluteTimeoutMs).exec(),
    );
  }

  /** A user's live sessions, latest first. @throws {RedisUnavailableError} */
  async of(current: SessionIdentity): Promise<Device[]> {
    const devices = await this.#read(current.userId);
    return devices
      .sort((a, b) => b.lastSeenAt.getTime() - a.lastSeenAt.getTime())
      .map(({ identity, lastSeenAt }) => ({
        id: identity.deviceId,
        label: identity.deviceLabel,
        app: identity.app,
        current: identity.deviceId === current.deviceId,
        firstSeenAt: new Date(identity.startedAt),
        lastSeenAt,
      }));
  }

  /** Ends those of a user's sessions that `which` picks. @returns how many. @throws {RedisUnavailableError} */
  async revoke(userId: string, which: (identity: SessionIdentity) => boolean): Promise<number> {
    const doomed = (await this.#read(userId)).filter(({ identity }) => which(identity)).map(({ key }) => key);
    if (doomed.length === 0) return 0;
    await this.redis.attempt(revoke, (client) =>
      client
        .multi()
        .del(...doomed)
        .srem(this.keys.userIndex(userId), ...doomed)
        .exec(),
    );
    return doomed.length;
  }

  async #read(userId: string): Promise<IndexedDevice[]> {
    const index = this.keys.userIndex(userId);
    const keys = await this.redis.attempt(list, (client) => client.smembers(index));
    if (keys.length === 0) return [];
    const replies = await this.redis.attempt(list, (client) => {
      const pipeline = client.pipeline();
      for (const key of keys) pipeline.get(key).pttl(key);
      return pipeline.exec();
    });
    return keys.flatMap((key, i) => {
      const record = replies?.[2 * i]?.[1];
      const ttlMs = replies?.[2 * i + 1]?.[1];
      return typeof record === 'string' && typeof ttlMs === 'number' ? this.#indexed(key, record, ttlMs) : [];
    });
  }

  /** Every request renews the time to live, so what is left of it tells when the last one came. */
  #indexed(key: string, record: string, ttlMs: number): IndexedDevice[] {
    const identity = (readRecord(record) as SessionData | null)?.identity;
    if (!identity) return [];
    return [{ key, identity, lastSeenAt: new Date(Date.now() + ttlMs - this.options.idleTimeoutMs) }];
  }
}
