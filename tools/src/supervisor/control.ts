import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { type GroupName } from '../workspace.js';
import { type RedisAction, type RedisRow } from './redis-rows.js';
import { dataDirOf, readRun, type Run } from './run-file.js';

/** What a command asks of the supervisor: an action on a group, or nothing but the rows. */
export interface ControlRequest {
  readonly action?: RedisAction;
  readonly group?: GroupName;
}

export interface ControlAnswer {
  readonly rows: readonly RedisRow[];
  /** What was done. */
  readonly message?: string;
  /** Why it was not done. */
  readonly refused?: string;
}

export type ControlHandler = (request: ControlRequest) => Promise<ControlAnswer>;

/** Nobody answers in this checkout. */
export class NothingRunsError extends Error {
  readonly code = 'NOTHING_RUNS';
  override readonly name = 'NothingRunsError';

  constructor() {
    super('Nothing is running here. Start the platform with `npm start`.');
  }
}

/** Longer than any action takes. */
const DEADLINE_MS = 15_000;

/** A socket's path may have about 100 bytes, so it is given as seen from here when that is shorter. */
function socketOf(root: string): string {
  const path = join(dataDirOf(root), 'control.sock');
  const seenFromHere = relative(process.cwd(), path);
  return seenFromHere.length < path.length ? seenFromHere : path;
}

/** Answers the commands of this checkout, one line of JSON each; only this user can reach the socket. */
export async function listen(root: string, handle: ControlHandler): Promise<Server> {
  const socket = socketOf(root);
  rmSync(socket, { force: true }); // Of a run that was killed.
  const server = createServer((peer) => {
    peer.setTimeout(DEADLINE_MS, () => peer.destroy()).on('error', () => peer.destroy());
    createInterface({ input: peer }).once('line', (line) => void answer(peer, line, handle));
  });
  await once(server.listen(socket), 'listening');
  return server;
}

async function answer(peer: Socket, line: string, handle: ControlHandler): Promise<void> {
  try {
    peer.end(JSON.stringify(await handle(JSON.parse(line) as ControlRequest)));
  } catch (error) {
    peer.destroy(error as Error);
  }
}

/**
 * Asks the platform that runs in this checkout.
 *
 * @throws NothingRunsError
 */
export async function ask(root: string, request: ControlRequest): Promise<ControlAnswer> {
  const peer = connect(socketOf(root));
  try {
    await once(peer, 'connect');
  } catch {
    throw new NothingRunsError();
  }
  peer.setTimeout(DEADLINE_MS, () => peer.destroy(new Error(`No answer within ${DEADLINE_MS / 1_000} s.`)));
  peer.write(`${JSON.stringify(request)}\n`);
  return JSON.parse(await text(peer)) as ControlAnswer;
}

/** The platform that runs in this checkout, if one does. */
export async function findRun(root: string): Promise<Run | undefined> {
  try {
    await ask(root, {});
    return readRun(root);
  } catch (error) {
    if (error instanceof NothingRunsError) return undefined;
    throw error;
  }
}
