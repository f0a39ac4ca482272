import { Injectable } from '@nestjs/common';
import { Clock, digestId, sendDigest } from '@trivet/academy';
import { InjectDurableQueue, type DurableQueue, type PlacedJob } from '@trivet/queue';

const MINUTE_MS = 60_000;

/** Asks for a digest of the last seven days, to be mailed now. */
@Injectable()
export class DigestRequests {
  constructor(
    private readonly clock: Clock,
    @InjectDurableQueue(sendDigest.queue) private readonly queue: DurableQueue,
  ) {}

  /** Asked again within the same minute it is the same job, and one mail. */
  request(userId: string): Promise<PlacedJob> {
    const minute = Math.floor(this.clock.now().getTime() / MINUTE_MS);
    const digest = { userId, until: new Date(minute * MINUTE_MS).toISOString() };
    return this.queue.add(sendDigest, digest, { id: digestId(digest) });
  }
}
