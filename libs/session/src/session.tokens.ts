/** The group's name in errors, metrics and `X-Degraded`. */
export const SESSION_GROUP = 'session';

/** Token of the options with defaults filled in. */
export const RESOLVED_SESSION_OPTIONS = Symbol('RESOLVED_SESSION_OPTIONS');
