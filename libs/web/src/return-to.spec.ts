import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { safePath, safeReturnTo } from './return-to.js';

const links = {
  dashboard: 'http://dashboard.trivet.localhost:3001',
  learn: 'http://learn.trivet.localhost:3002',
};
const home = `${links.dashboard}/`;

/** Addresses and paths made of what parsers of addresses disagree about. */
const crafted = fc
  .array(
    fc.constantFrom(
      ...['/', '\\', '//', '.', '..', '%2e', '@', ':', '?', '#', '\t', '\n', ' ', '\0', 'evil.test', 'http:'],
      ...['javascript:', 'blob:', 'data:', links.learn, links.dashboard, 'learn.trivet.localhost:3002', 'a'],
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

describe('safeReturnTo', () => {
  it.each([
    [`${links.learn}/lessons/memory?from=mail#top`, `${links.learn}/lessons/memory?from=mail#top`],
    [`${links.dashboard}/account`, `${links.dashboard}/account`],
    ['/account?tab=devices', `${links.dashboard}/account?tab=devices`],
    ['HTTP://Learn.Trivet.Localhost:3002', `${links.learn}/`],
  ])('leads back to %s', (target, expected) => {
    expect(safeReturnTo(target, links)).toBe(expected);
  });

  it.each([
    ['another site', 'https://evil.test/'],
    ['a site without a scheme', '//evil.test'],
    ['a site behind backslashes', '/\\evil.test'],
    ['a site behind a tab', '/\t/evil.test'],
    ['a script', 'javascript:alert(document.domain)'],
    ['a script in disguise', ' java\nscript:alert(1)'],
    ['a document of its own', 'data:text/html,<script>alert(1)</script>'],
    ['a blob of our own origin', `blob:${links.learn}/0b0e`],
    ['our name as somebody’s user', 'http://learn.trivet.localhost:3002@evil.test/'],
    ['a user of ours', 'http://ada@learn.trivet.localhost:3002/'],
    ['a password of ours', 'http://:pw@learn.trivet.localhost:3002/'],
    ['another port', 'http://learn.trivet.localhost:3003/'],
    ['another scheme', 'https://learn.trivet.localhost:3002/'],
    ['a name that begins like ours', 'http://learn.trivet.localhost:3002.evil.test/'],
    ['a sibling that is no app', 'http://evil.trivet.localhost:3002/'],
    ['nothing', ''],
    ['no text', ['http://learn.trivet.localhost:3002/']],
    ['an address that cannot be read', 'http://[:1'],
  ])('leads home instead of to %s', (_what, target) => {
    expect(safeReturnTo(target, links)).toBe(home);
  });

  it('leads to one of the apps, whatever it is given', () => {
    fc.assert(
      fc.property(crafted, (target) => {
        const { origin, protocol, username } = new URL(safeReturnTo(target, links));
        expect([links.dashboard, links.learn]).toContain(origin);
        expect([protocol, username]).toEqual(['http:', '']);
      }),
    );
  });
});

describe('safePath', () => {
  it.each([
    ['/lessons/memory?page=2', '/lessons/memory?page=2'],
    ['/lessons/../courses#top', '/courses'],
  ])('leads to %s', (target, expected) => {
    expect(safePath(target, '/')).toBe(expected);
  });

  it.each([
    ['a site without a scheme', '//evil.test'],
    ['a site behind backslashes', '/\\evil.test'],
    ['a site behind a tab', '/\t/evil.test'],
    ['a site behind a dotted segment', '/..//evil.test'],
    ['a site behind an encoded one', '/%2e%2e//evil.test'],
    ['an absolute address', 'http://learn.trivet.localhost:3002/'],
    ['a script', 'javascript:alert(1)'],
    ['a relative path', 'lessons'],
    ['no text', undefined],
  ])('falls back instead of leading to %s', (_what, target) => {
    expect(safePath(target, '/notes')).toBe('/notes');
  });

  it('stays on the page’s own origin, whatever it is given', () => {
    fc.assert(
      fc.property(crafted, (target) => {
        expect(new URL(safePath(`/${target}`, '/'), links.learn).origin).toBe(links.learn);
      }),
      { numRuns: 1000 },
    );
  });
});
