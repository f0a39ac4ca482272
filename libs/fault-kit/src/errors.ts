/** `redis-server` is not on the PATH. */
export class RedisServerMissingError extends Error {
  readonly code = 'REDIS_SERVER_MISSING';

  constructor(binary: string) {
    super(
      `Could not find \`${binary}\`. Install Redis 7 or newer and put it on the PATH: ` +
        '`apt-get install redis-server` (Debian, Ubuntu), `dnf install redis` (Fedora), `brew install redis` (macOS).',
    );
    this.name = 'RedisServerMissingError';
  }
}

/** A process of the kit ended, or stayed silent, before it was ready. The message ends with its last output. */
export class StartError extends Error {
  readonly code = 'START_FAILED';

  constructor(what: string, output: string) {
    super(`${what}. Its last output:\n${output || '(none)'}`);
    this.name = 'StartError';
  }
}

/** An error reply of Redis, such as `READONLY You can't write against a read only replica.` */
export class ReplyError extends Error {
  /** First word of the reply: `ERR`, `READONLY`, `OOM`, `LOADING`, `NOAUTH`, ... */
  readonly code: string;

  constructor(reply: string) {
    super(reply);
    this.name = 'ReplyError';
    this.code = reply.split(' ', 1)[0] ?? 'ERR';
  }
}

/** No reply within the deadline, or the connection ended first. */
export class NoReplyError extends Error {
  readonly code = 'NO_REPLY';

  constructor(what: string, options?: ErrorOptions) {
    super(what, options);
    this.name = 'NoReplyError';
  }
}
