import { expect, it } from '@jest/globals';
import { faults } from '@trivet/fault-kit';
import { allCells, chooseCells } from './cells.js';

it('puts every fault of the kit on each group, at boot and mid-run', () => {
  const alone = allCells().filter(({ groups }) => groups.length === 1);
  expect(alone).toHaveLength(Object.keys(faults).length * 3 * 2);
});

it('puts kill, hang and READONLY on each pair and on all three', () => {
  const together = allCells().filter(({ groups }) => groups.length > 1);
  expect(together.map(({ id }) => id)).toContain('READONLY session+cache+queue boot');
  expect(together).toHaveLength(3 * 4 * 2);
});

it('has no two cells of one name', () => {
  const ids = allCells().map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it('chooses by a pattern', () => {
  const ids = chooseCells({ quick: false, only: /^kill.*session mid/i }).map(({ id }) => id);
  expect(ids).toEqual(['kill session mid-run']);
});

it('takes five faults and a boot without it for each group when it must be quick', () => {
  const ids = chooseCells({ quick: true }).map(({ id }) => id);
  expect(ids).toHaveLength(18);
  expect(ids).toEqual(expect.arrayContaining(['flushAll cache mid-run', 'kill queue boot']));
});

it('runs the cells of one topology one after the other', () => {
  const topologies = allCells().map(({ fault }) => fault.topology);
  const changes = topologies.filter((topology, index) => topology !== topologies[index - 1]);
  expect(changes).toEqual(['standalone', 'tls', 'sentinel']);
});
