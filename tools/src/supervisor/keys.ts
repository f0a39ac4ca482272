import { type ReadStream } from 'node:tty';
import { groupNames, type GroupName } from '../workspace.js';
import { type RedisAction } from './redis-rows.js';

/** What single keys ask for. */
export interface KeyCommands {
  /** An action on a group, and the one that takes it back. */
  readonly toggle: (group: GroupName, actions: readonly [RedisAction, RedisAction]) => void;
  readonly help: () => void;
  readonly quit: () => void;
}

const CTRL_C = '\u0003';

/** Reads single keys of a terminal until the returned function is called. */
export function readKeys(terminal: ReadStream, commands: KeyCommands): () => void {
  let afterH = false;
  const press = (key: string): void => {
    const group = groupNames[Number(key) - 1];
    if (group) commands.toggle(group, afterH ? ['hang', 'resume'] : ['kill', 'start']);
    if (key === '?') commands.help();
    if (key === 'q' || key === CTRL_C) commands.quit();
    afterH = key === 'h';
  };
  const onData = (chunk: Buffer): void => [...chunk.toString()].forEach(press);
  terminal.setRawMode(true).on('data', onData).resume();
  return () => void terminal.off('data', onData).setRawMode(false).pause();
}
