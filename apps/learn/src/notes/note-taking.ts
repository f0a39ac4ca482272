import { Injectable } from '@nestjs/common';
import { appendNote, Clock } from '@trivet/academy';
import { InjectDurableQueue, type DurableQueue, type PlacedJob } from '@trivet/queue';
import type { Visitor } from '@trivet/web';

/** Takes notes by a job, which runs in this process while the queue is away. */
@Injectable()
export class NoteTaking {
  constructor(
    private readonly clock: Clock,
    @InjectDurableQueue(appendNote.queue) private readonly queue: DurableQueue,
  ) {}

  /** @throws {RedisUnavailableError} when neither the queue nor the inline lane took it */
  take({ account }: Visitor, text: string): Promise<PlacedJob> {
    return this.queue.add(appendNote, { userId: account.id, text, at: this.clock.now().toISOString() });
  }
}
