import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvFile } from 'node:process';
import { port, postgresUrl, readEnvironment } from '@trivet/env';
import { z } from 'zod';
import { defaultPorts, portNames, portVariable, type Ports } from './platform/ports.js';
import { mapNames } from './workspace.js';

/** What a person may set for `npm start`, in the environment or in `.env`. */
export interface Settings {
  readonly ports: Ports;
  /** A database of one's own; without it the embedded one is started. */
  readonly databaseUrl: string | undefined;
  /** For the apps. */
  readonly env: Readonly<Record<string, string>>;
}

const ports = Object.fromEntries(portNames.map((name) => [portVariable(name), port(defaultPorts[name])]));
const schema = z.object({ DATABASE_URL: postgresUrl().optional(), ...ports });

/**
 * Puts `.env` under the environment, which wins, and reads the settings from it.
 *
 * @throws EnvironmentError
 */
export function readSettings(root: string): Settings {
  const file = join(root, '.env');
  if (existsSync(file)) loadEnvFile(file);
  const env = readEnvironment(schema, process.env) as Record<string, unknown>;
  return {
    ports: mapNames(portNames, (name) => env[portVariable(name)] as number),
    databaseUrl: env.DATABASE_URL as string | undefined,
    env: { LOG_FORMAT: process.env.LOG_FORMAT || 'pretty' },
  };
}
