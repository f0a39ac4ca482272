import { readFile, writeFile } from 'node:fs/promises';
import { answerClasses, type AnswerClass } from '../measure/classify.js';
import { type Bin, type CellResult } from '../measure/result.js';
import { factsOf, type Facts } from './facts.js';
import { type Run } from './results-file.js';

/** A run in a form that is small enough to be kept beside the code, for the reports of other runs. */
export interface KeptRun extends Omit<Run, 'cells'> {
  readonly cells: Readonly<Record<string, KeptCell>>;
}

export interface KeptCell {
  readonly facts: Facts;
  readonly faultMs: number;
  readonly bins: readonly Bin[];
}

/** Width of a kept timeline's bins. */
export const KEPT_BIN_MS = 500;

/** The numbers of every cell, and its timeline in half seconds. */
export const keptOf = ({ cells, ...run }: Run): KeptRun => ({
  ...run,
  cells: Object.fromEntries(
    cells.map((cell) => [
      cell.id,
      { facts: factsOf(cell), faultMs: Math.round(cell.faultMs), bins: coarser(cell) },
    ]),
  ),
});

function coarser({ bins }: CellResult): Bin[] {
  const merged = new Map<number, Bin>();
  for (const bin of bins) {
    const atMs = Math.floor(bin.atMs / KEPT_BIN_MS) * KEPT_BIN_MS;
    const before = merged.get(atMs);
    merged.set(atMs, { ...(before ? merge(before, bin) : bin), atMs });
  }
  return [...merged.values()];
}

function merge(a: Bin, b: Bin): Bin {
  const counts = answerClasses.map(
    (name) => [name, (a.answers[name] ?? 0) + (b.answers[name] ?? 0)] as const,
  );
  return {
    atMs: a.atMs,
    answers: Object.fromEntries(counts.filter(([, count]) => count > 0)),
    p50Ms: Math.max(a.p50Ms, b.p50Ms),
    maxMs: Math.max(a.maxMs, b.maxMs),
  };
}

/** `[atMs, p50Ms, maxMs, answers]` */
type PackedBin = readonly [number, number, number, Partial<Record<AnswerClass, number>>];

/** Writes one line for each cell. */
export async function writeKept(path: string, { cells, ...run }: KeptRun): Promise<void> {
  const lines = Object.entries(cells).map(([id, { bins, ...cell }]) => {
    const packed: PackedBin[] = bins.map(({ atMs, p50Ms, maxMs, answers }) => [
      atMs,
      Math.round(p50Ms),
      Math.round(maxMs),
      answers,
    ]);
    return `${JSON.stringify(id)}: ${JSON.stringify({ ...cell, bins: packed })}`;
  });
  const head = JSON.stringify(run).slice(1, -1);
  await writeFile(path, `{${head}, "cells": {\n${lines.join(',\n')}\n}}\n`);
}

/** The run that the file keeps; undefined when there is none. */
export async function readKept(path: string): Promise<KeptRun | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const { cells, ...run } = JSON.parse(text) as Omit<Run, 'cells'> & {
    cells: Record<string, Omit<KeptCell, 'bins'> & { bins: PackedBin[] }>;
  };
  const unpacked = Object.entries(cells).map(([id, { bins, ...cell }]) => [
    id,
    { ...cell, bins: bins.map(([atMs, p50Ms, maxMs, answers]) => ({ atMs, p50Ms, maxMs, answers })) },
  ]);
  return { ...run, cells: Object.fromEntries(unpacked) as KeptRun['cells'] };
}
