import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { defaultPorts, portNames, portVariable } from './platform/ports.js';
import { workspaceRoot } from './workspace.js';

it('finds its ports in .env.example, each with its default', () => {
  const example = parseEnv(readFileSync(join(workspaceRoot, '.env.example'), 'utf8'));
  const ports = Object.entries(example).filter(([name]) => name.startsWith('PORT_'));
  const expected = portNames.map((name) => [portVariable(name), String(defaultPorts[name])]);
  expect(Object.fromEntries(ports)).toEqual(Object.fromEntries(expected));
});
