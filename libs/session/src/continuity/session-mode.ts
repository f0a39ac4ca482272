/**
 * How a request's session was verified: by the session Redis (`live`), by a replica of it, by what this process saw Redis confirm
 * less than 30 s ago (`recent`), or by the sealed cookie (`snapshot`). `reduced`: none of these is fresh enough any more for
 * more than everyday use.
 */
export type SessionMode = 'live' | 'replica' | 'recent' | 'snapshot' | 'reduced';
