import { defineJob, JobHandler } from '@trivet/queue';
import { sql } from 'drizzle-orm';
import { z } from 'zod';

/** A job whose only effect is a row; nothing is unique, so an effect that is made twice shows as two. */
export const makeEffect = defineJob({ name: 'stage.effect', queue: 'stage', payload: z.object({}) });

export class EffectHandler extends JobHandler {
  job = makeEffect;

  async handle(_payload, { id, tx }) {
    await tx.execute(sql`insert into stage.effects (job_id) values (${id})`);
  }
}

export const effectsTable = [
  sql`create schema if not exists stage`,
  sql`create table if not exists stage.effects (job_id text not null, at timestamptz not null default clock_timestamp())`,
];
