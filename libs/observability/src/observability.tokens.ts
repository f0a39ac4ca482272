/** Token of the guarded groups of this process. */
export const REDIS_GROUPS = Symbol('REDIS_GROUPS');

/** Token of the options. */
export const OBSERVABILITY_OPTIONS = Symbol('OBSERVABILITY_OPTIONS');
