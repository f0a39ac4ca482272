import { evenWhenFull, evidencePrelude } from '../evidence/evidence.lua.js';
import { heartPrelude } from '../recovery/heart.js';
import { RedisScript } from '../redis-script.js';

/*
 * A record is a hash under `sess:record:<hash of the id>`. Fields in use by the scripts: `u` hash of the user, `l` lineage, `s` start,
 * `t` last touch, `v` version; all others are `.` and a top-level key of the session, with `<version>:<sealed value>` in it.
 * ARGV: 1 now, 2 life of evidence, 3 hash of the id, 4 time to live, 5 absolute timeout, then the script's own.
 */
const prelude = `${evidencePrelude}${heartPrelude}
local sid, ttl, absolute = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local key = 'sess:record:' .. sid

local function stay(at, started)
  return redis.pcall('PEXPIRE', at, math.max(1, math.min(ttl, started + absolute - now)))
end

local function index(user, started)
  if user == '' then return end
  redis.pcall('ZADD', 'sess:user:' .. user, started, sid)
  redis.pcall('PEXPIRE', 'sess:user:' .. user, absolute)
end

-- Ends a record; the evidence outlives it.
local function finish(ended)
  local user = redis.pcall('HGET', 'sess:record:' .. ended, 'u')
  if type(user) ~= 'string' then user = '' end
  redis.call('DEL', 'sess:record:' .. ended)
  if user ~= '' then redis.call('ZREM', 'sess:user:' .. user, ended) end
  testify('session|' .. ended .. '|' .. user .. '||' .. now)
end

local function write(first, last, version)
  for i = first, last, 2 do redis.call('HSET', key, ARGV[i], version .. ':' .. ARGV[i + 1]) end
end
`;

/**
 * The one round trip of a read. The touch in it, at most one in `ARGV[6]` milliseconds, is only tried: a read-only, full or lonely
 * server still answers, and a replica is asked not to try (`ARGV[7]`). It also puts a session back into a lost index.
 */
export const readRecord = new RedisScript(`${prelude}
local throttle, touches = tonumber(ARGV[6]), ARGV[7] == '1'
local record = redis.pcall('HGETALL', key)
local meta = {}
for i = 1, #record, 2 do meta[record[i]] = record[i + 1] end
if not meta.s then
  if condemned(sid, '', '', now) then return { 'revoked', heart() } end
  return { 'absent', heart() }
end
local started, touched = tonumber(meta.s), tonumber(meta.t)
local outcome = 'found'
if condemned(sid, meta.u, meta.l, started) then outcome = 'revoked'
elseif now >= started + absolute or now >= touched + ttl then outcome = 'expired' end
if outcome ~= 'found' then
  if touches then redis.pcall('DEL', key) end
  return { outcome, heart(), record }
end
if touches and now - touched >= throttle then
  stay(key, started)
  redis.pcall('HSET', key, 't', now)
  index(meta.u, started)
end
return { outcome, heart(), record }
`);

/** Writes what changed, by key, into a record that is still there. ARGV: 6 number of changed keys, then field, version read, value of each, then field, version read of each removed. */
export const saveRecord = new RedisScript(`${prelude}
local meta = redis.call('HMGET', key, 'u', 'l', 's')
if not meta[3] or condemned(sid, meta[1], meta[2], meta[3]) then return { 'gone', heart() } end
local version, conflicts = redis.call('HINCRBY', key, 'v', 1), 0
local changedEnd = 6 + 3 * tonumber(ARGV[6])
local function compare(field, base)
  local stored = redis.call('HGET', key, field)
  if (stored and string.match(stored, '^%d+') or '0') ~= base then conflicts = conflicts + 1 end
end
for i = 7, changedEnd, 3 do
  compare(ARGV[i], ARGV[i + 1])
  redis.call('HSET', key, ARGV[i], version .. ':' .. ARGV[i + 2])
end
for i = changedEnd + 1, #ARGV, 2 do
  compare(ARGV[i], ARGV[i + 1])
  redis.call('HDEL', key, ARGV[i])
end
redis.call('HSET', key, 't', now)
stay(key, tonumber(meta[3]))
beat()
return { 'saved', heart(), version, conflicts }
`);

/** Writes a record whole. ARGV: 6 user, 7 lineage, 8 start, then field, value of each key. */
export const putRecord = new RedisScript(`${prelude}
local user, lineage, started = ARGV[6], ARGV[7], tonumber(ARGV[8])
if condemned(sid, user, lineage, started) then return { 'gone', heart() } end
local version = redis.call('HINCRBY', key, 'v', 1)
for _, field in ipairs(redis.call('HKEYS', key)) do
  if string.sub(field, 1, 1) == '.' then redis.call('HDEL', key, field) end
end
redis.call('HSET', key, 'u', user, 'l', lineage, 's', started, 't', now)
write(9, #ARGV, version)
stay(key, started)
index(user, started)
beat()
return { 'saved', heart(), version, 0 }
`);

/**
 * A sign-in or a rotation, whole: the new record, the end of the old one, the index without the dead, the limit. A full server
 * refuses its first write, and then nothing has happened. ARGV: 6 user, 7 lineage, 8 start, 9 most sessions, 10 old id, 11 the old one's
 * version if the new one goes on from it, then field, value of each key.
 */
export const rotateRecord = new RedisScript(`${prelude}
local user, lineage, started, most, old = ARGV[6], ARGV[7], tonumber(ARGV[8]), tonumber(ARGV[9]), ARGV[10]
local goesOnFrom = ARGV[11]
if condemned(sid, user, lineage, started) then return { 'gone', heart() } end
if goesOnFrom ~= '' then
  local version = redis.call('HGET', 'sess:record:' .. old, 'v')
  if not version or condemned(old, user, lineage, started) then return { 'gone', heart() } end
  if version ~= goesOnFrom then return { 'changed', heart() } end
end
redis.call('HSET', key, 'u', user, 'l', lineage, 's', started, 't', now, 'v', 1)
write(12, #ARGV, 1)
stay(key, started)
if old ~= '' then finish(old) end
index(user, started)
local ended = {}
local members = redis.call('ZRANGE', 'sess:user:' .. user, 0, -1)
local alive = {}
for _, member in ipairs(members) do
  if redis.call('EXISTS', 'sess:record:' .. member) == 1 then alive[#alive + 1] = member
  else redis.call('ZREM', 'sess:user:' .. user, member) end
end
for _, member in ipairs(alive) do
  if #alive - #ended <= most then break end
  if member ~= sid then finish(member); ended[#ended + 1] = member end
end
beat()
return { 'saved', heart(), 1, 0, ended }
`);

/** Ends one session. */
export const endRecord = new RedisScript(`${evenWhenFull}${prelude}
finish(sid)
beat()
return { 'ended', heart() }
`);

/**
 * Ends those of a user's sessions that a testimony speaks against. ARGV: 3 the user instead of an id, 6 the testimony, 7 the one
 * lineage to end, or 8 the one to spare.
 */
export const endUser = new RedisScript(`${evenWhenFull}${prelude}
local user, item, only, exempt = ARGV[3], ARGV[6], ARGV[7], ARGV[8]
testify(item)
local ended = 0
for _, member in ipairs(redis.call('ZRANGE', 'sess:user:' .. user, 0, -1)) do
  local lineage = redis.pcall('HGET', 'sess:record:' .. member, 'l')
  if type(lineage) ~= 'string' then redis.call('ZREM', 'sess:user:' .. user, member)
  elseif only ~= '' and lineage == only or only == '' and lineage ~= exempt then
    redis.call('DEL', 'sess:record:' .. member)
    redis.call('ZREM', 'sess:user:' .. user, member)
    ended = ended + 1
  end
end
beat()
return { 'ended', heart(), ended }
`);

/** A user's records: hash of the id, identity, last touch of each. Those that are gone leave the index. ARGV: 3 the user instead of an id. */
export const listUser = new RedisScript(`${prelude}
local found = {}
for _, member in ipairs(redis.call('ZRANGE', 'sess:user:' .. ARGV[3], 0, -1)) do
  local record = redis.pcall('HMGET', 'sess:record:' .. member, '.identity', 't', 'l', 's')
  if not record[4] then redis.pcall('ZREM', 'sess:user:' .. ARGV[3], member)
  elseif record[1] and not condemned(member, ARGV[3], record[3], record[4]) then
    found[#found + 1] = { member, record[1], record[2] }
  end
end
return { 'found', heart(), found }
`);

/**
 * Makes a record anew that the data set has lost. ARGV: 6 user, 7 lineage, 8 start, 9 when it was last confirmed, 10 its version,
 * 11 confirmed until when it may have been lost, 12 most in a second, then field, value of each key.
 */
export const rehydrateRecord = new RedisScript(`${prelude}
local user, lineage, started = ARGV[6], ARGV[7], tonumber(ARGV[8])
local verified, version, lost, most = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])
if condemned(sid, user, lineage, started) then return { 'revoked', heart() } end
if now >= started + absolute or now >= verified + ttl then return { 'expired', heart() } end
if verified > later(lost, redis.call('HGET', 'sess:heart', 'since')) then return { 'not-lost', heart() } end
local stored = tonumber(redis.call('HGET', key, 'v') or -1)
if stored >= version then return { 'present', heart() } end
local made = redis.call('INCR', 'sess:rehydrated')
if made == 1 then redis.call('PEXPIRE', 'sess:rehydrated', 1000) end
if made > most then return { 'busy', heart() } end
redis.call('HSET', key, 'u', user, 'l', lineage, 's', started, 't', now, 'v', version)
write(13, #ARGV, version)
stay(key, started)
index(user, started)
beat()
return { 'made', heart() }
`);
