import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DatabaseModule } from '@trivet/database';
import { type AcademyFixture, startAcademy } from './academy.fixture.js';
import { QueueModule } from '@trivet/queue';
import { academyInlineHandlers, academyJobHandlers, academyJobs, AcademyModule } from './academy.module.js';
import { AcademyMailModule } from './mail/academy-mail.module.js';
import { Courses } from './courses/courses.js';

let academy: AcademyFixture;

beforeAll(async () => {
  academy = await startAcademy();
});

afterAll(async () => {
  await academy.stop();
});

it('needs a database and nothing else', async () => {
  const imports = [DatabaseModule.forRoot({ url: academy.url }), AcademyModule.forRoot({})];
  const app = await Test.createTestingModule({ imports }).compile();
  expect(await app.get(Courses, { strict: false }).list()).toEqual([]);
  await app.close();
});

it('has a handler for each job, found by its class', async () => {
  const mail = { smtpUrl: 'smtp://127.0.0.1:1', from: 'academy@example.org', learnUrl: 'http://learn.test' };
  const imports = [
    DatabaseModule.forRoot({ url: academy.url }),
    AcademyModule.forRoot({ isGlobal: true }),
    QueueModule.forRoot({
      redis: { url: 'redis://127.0.0.1:1' },
      jobs: academyJobs,
      handlers: academyInlineHandlers,
    }),
    AcademyMailModule.forRoot(mail),
  ];
  const app = await Test.createTestingModule({ imports }).compile();
  const handled = academyJobHandlers.map((type) => app.get<{ job: unknown }>(type, { strict: false }).job);
  expect(handled).toEqual([...academyJobs]);
  await app.close();
});
