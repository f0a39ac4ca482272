import { channel } from 'node:diagnostics_channel';

/** An idle connection of the pool ended; the pool replaces it when it needs one. */
export interface DatabaseConnectionLostEvent {
  readonly applicationName: string;
  readonly error: Error;
}

/** Facts about the pool; the message is a {@link DatabaseConnectionLostEvent}. */
export const databaseConnectionLostChannel = channel('trivet:database:connection-lost');
