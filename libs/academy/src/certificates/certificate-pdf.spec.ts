import { expect, it } from '@jest/globals';
import { renderCertificate } from './certificate-pdf.js';

const text = {
  id: '0199a1b2-0000-7000-8000-000000000001',
  name: 'Ada Lovelace',
  course: 'Redis in production',
  issuedAt: new Date('2026-03-01T12:00:00Z'),
};

const read = async (changes: Partial<typeof text> = {}) =>
  (await renderCertificate({ ...text, ...changes })).toString('latin1');

it('is a PDF of one landscape A4 page with its fonts inside', async () => {
  const pdf = await read();
  expect(pdf).toMatch(/^%PDF-1\.\d/);
  expect(pdf.trimEnd()).toMatch(/%%EOF$/);
  expect(pdf).toContain('/Count 1');
  expect(pdf).toContain('/MediaBox [0 0 841.89 595.28]');
  expect(pdf.match(/\/FontFile2/g)).toHaveLength(3);
});

it('takes names in Greek and Cyrillic, and very long ones, on the same page', async () => {
  for (const name of ['Υπατία', 'Софья Ковалевская', 'A very long name '.repeat(20)]) {
    expect(await read({ name })).toContain('/Count 1');
  }
});
