#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);

if (existsSync(main)) {
  await import(main.href);
} else {
  console.error('trivet-audit is not built yet: run `npx nx build @trivet/audit` first.');
  process.exitCode = 2;
}
