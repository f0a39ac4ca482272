import type { Device } from './device.js';
import { isOutage } from './records/session-records.js';
import type { SessionIdentity } from './session-record.js';
import type { SessionState } from './session.state.js';

/** Which sessions a user has, kept beside them in Redis and read without a SCAN. */
export class DeviceList {
  constructor(
    private readonly parts: Pick<SessionState, 'records' | 'codec' | 'keys' | 'revocations' | 'clock'>,
  ) {}

  /** A user's live sessions, latest first; `currentId` is the device that asks. @throws {RedisUnavailableError} */
  async of(userId: string, currentId?: string): Promise<Device[]> {
    const { records, codec, keys } = this.parts;
    const listed = await records.list(keys.user(userId));
    const devices = listed.flatMap(([sidHash, sealed, touchedAt]) => {
      const identity = codec.openIdentity(sidHash, sealed);
      return identity ? [toDevice(identity, Number(touchedAt), currentId)] : [];
    });
    return devices.sort((a, b) => b.lastSeenAt.getTime() - a.lastSeenAt.getTime());
  }

  /** The one session that needs no Redis to be listed: that of whoever asks. */
  current(identity: SessionIdentity): Device {
    return toDevice(identity, this.parts.clock.now(), identity.deviceId);
  }

  /**
   * Ends one session of a user.
   *
   * @returns how many were ended: none when the user has no such session, as far as Redis can tell.
   * @throws {RedisUnavailableError} when neither Redis nor the mirror has taken it.
   */
  async revoke(userId: string, deviceId: string): Promise<number> {
    const { keys, revocations } = this.parts;
    // Only what is there is ended: evidence against made-up devices would pile up.
    const isKnown = await this.of(userId).then(
      (devices) => devices.some(({ id }) => id === deviceId),
      (error: unknown) => isOutage(error) || Promise.reject(error as Error),
    );
    return isKnown ? ((await revocations.endLineage(keys.user(userId), deviceId)) ?? 1) : 0;
  }
}

function toDevice(identity: SessionIdentity, touchedAt: number, currentId: string | undefined): Device {
  return {
    id: identity.deviceId,
    label: identity.deviceLabel,
    app: identity.app,
    current: identity.deviceId === currentId,
    firstSeenAt: new Date(identity.startedAt),
    lastSeenAt: new Date(touchedAt),
  };
}
