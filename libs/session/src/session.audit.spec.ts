import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import type { Request, Response } from 'express';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { SessionAuditEvent } from './session.events.js';
import { DeviceList } from './device-list.js';
import { SessionService } from './session.service.js';
import { join, type Member } from './state.fixture.js';

let redis: RedisServer;
let member: Member;
let sessions: SessionService;
let events: SessionAuditEvent[];
const listen = (event: unknown) => events.push(event as SessionAuditEvent);
const response = { clearCookie: () => undefined } as unknown as Response;

beforeAll(async () => {
  redis = await RedisServer.start();
  member = await join(redis.url, { maxSessionsPerUser: 2 });
  sessions = new SessionService(
    member.store,
    new DeviceList(member.state),
    member.state,
    member.state.options,
  );
});

beforeEach(() => {
  events = [];
  subscribe('trivet:session:audit', listen);
});

afterEach(() => void unsubscribe('trivet:session:audit', listen));

afterAll(async () => {
  await member?.close();
  await redis?.stop();
});

async function signedIn(user: string): Promise<Request> {
  const request = Object.assign(member.visit(), { headers: {} }) as unknown as Request;
  await sessions.signIn(request, user);
  return request;
}

const told = () => events.map(({ event, reason }) => (reason ? `${event}: ${reason}` : event));

it('tells a session’s life in OWASP’s words, and names nobody', async () => {
  const request = await signedIn('ada@trivet.localhost');
  const first = request.sessionID;
  await sessions.renew(request);
  await member.store.get(first);
  const last = request.sessionID;
  await sessions.signOut(request, response);
  await member.store.get(last);
  expect(told()).toEqual([
    'session_created',
    'session_renewed',
    'session_use_after_expire',
    'session_expired: logout',
  ]);
  const text = JSON.stringify(events);
  for (const name of [
    'ada',
    first,
    last,
    member.state.keys.sid(first),
    member.state.keys.user('ada@trivet.localhost'),
  ])
    expect(text).not.toContain(name);
});

it('tells which sessions the limit has ended', async () => {
  for (let i = 0; i < 3; i++) await signedIn('many');
  expect(told().filter((line) => line !== 'session_created')).toEqual(['session_expired: limit']);
});

it('tells of a timeout', async () => {
  const request = await signedIn('slow');
  member.clock.aheadMs = 5 * 3_600_000;
  await member.store.get(request.sessionID);
  member.clock.aheadMs = 0;
  expect(told()).toEqual(['session_created', 'session_expired: timeout']);
});

it('tells of revocations, of one user’s and of everybody’s sessions', async () => {
  const request = await signedIn('two');
  await sessions.revoke(sessions.identityOf(request)!, { deviceId: request.session.identity!.deviceId });
  await sessions.revokeUser('two');
  await sessions.revokeAll();
  expect(told().slice(1)).toEqual(Array(3).fill('session_expired: revoked'));
});
