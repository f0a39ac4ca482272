import { Injectable } from '@nestjs/common';
import { performance } from 'node:perf_hooks';

/** The library's only source of time; specs provide another. */
@Injectable()
export class SessionClock {
  /** Milliseconds since the epoch, the same in every process but for their skew. */
  now(): number {
    return Date.now();
  }

  /** Milliseconds of a clock that nobody sets: for how long ago something was. */
  monotonic(): number {
    return performance.now();
  }
}
