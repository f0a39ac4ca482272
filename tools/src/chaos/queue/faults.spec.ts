import { expect, it } from '@jest/globals';
import { faultsOf } from './faults.js';
import { Random } from './random.js';

const namesOf = (count: number, seed: number) => faultsOf(count, new Random(seed)).map(({ name }) => name);

it('kills Redis, PostgreSQL, a worker and a web process in every storm', () => {
  expect(namesOf(8, 1).slice(0, 5)).toEqual([
    'kill -9 Redis',
    'kill -9 worker-1',
    'kill -9 PostgreSQL',
    'kill -9 web-1',
    'kill -9 worker-1 and worker-2',
  ]);
});

it('makes the same storm of the same seed, and another of another', () => {
  expect(namesOf(40, 1)).toEqual(namesOf(40, 1));
  expect(namesOf(40, 1)).not.toEqual(namesOf(40, 2));
});
