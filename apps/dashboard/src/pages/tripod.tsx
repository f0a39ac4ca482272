import type { GroupState } from './group-state.js';

/** Props of {@link Tripod}. */
export interface TripodProps {
  readonly states: readonly Pick<GroupState, 'group' | 'state'>[];
}

const LEGS = { session: 'M76 48 L40 168', cache: 'M160 48 V168', queue: 'M244 48 L280 168' };

/** The trivet itself; a leg that is lost is drawn dashed, and the plate stays level. */
export const Tripod = ({ states }: TripodProps) => (
  <svg class="tripod" viewBox="0 0 320 184" aria-hidden="true">
    {states.map(({ group, state }) => (
      <path key={group} class={`${group} ${state}`} d={LEGS[group]} />
    ))}
    <path class="tripod-top" d="M28 36 H292" />
  </svg>
);
