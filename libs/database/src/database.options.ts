import { ConfigurableModuleBuilder } from '@nestjs/common';
import { z } from 'zod';

/** How PostgreSQL is reached and how patient its callers are. */
export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** What `pg_stat_activity` shows. @default "trivet" */
  readonly applicationName?: string;
  /** Connections this process may hold. @default 10 */
  readonly maxConnections?: number;
  /** How long a call waits for a connection, a free one or a new one, milliseconds. @default 2000 */
  readonly connectTimeoutMs?: number;
  /** How long one statement may run, milliseconds. @default 5000 */
  readonly statementTimeoutMs?: number;
  /**
   * Whether a commit is answered when it is on the disk. Otherwise it does not wait, and a crash of PostgreSQL may undo the last
   * ones, each as a whole: for what is done again without harm. @default true
   */
  readonly durableCommits?: boolean;
}

const positive = z.number().int().positive();

const databaseOptions = z.object({
  url: z.string().regex(/^postgres(ql)?:\/\//, 'expected a postgres:// URL'),
  applicationName: z.string().min(1).default('trivet'),
  maxConnections: positive.default(10),
  connectTimeoutMs: positive.default(2_000),
  statementTimeoutMs: positive.default(5_000),
  durableCommits: z.boolean().default(true),
});

/** Options with every default filled in. */
export type ResolvedDatabaseOptions = z.output<typeof databaseOptions>;

/** Checks options at boot. @throws {TypeError} naming the field and what was expected. */
export function resolveDatabaseOptions(options: DatabaseOptions): ResolvedDatabaseOptions {
  const result = databaseOptions.safeParse(options);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new TypeError(`Database options: \`${issue?.path.join('.')}\`: ${issue?.message}`);
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<DatabaseOptions>({
    moduleName: 'Database',
  })
    .setClassMethodName('forRoot')
    .setExtras({ isGlobal: true }, (definition, { isGlobal }) => ({ ...definition, global: isGlobal }))
    .build();
