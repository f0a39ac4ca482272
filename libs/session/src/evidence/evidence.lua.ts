/** Where a script's first arguments are: the time and how long evidence lives, both in milliseconds. */
export const evidencePrelude = `
local now, life = tonumber(ARGV[1]), tonumber(ARGV[2])

local function later(value, other) return math.max(tonumber(value or 0), tonumber(other or 0)) end

local function keep(key, ms)
  if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, ms) end
end

local function log(item)
  if redis.call('ZSCORE', 'sess:evidence:log', item) then return end
  redis.call('ZADD', 'sess:evidence:log', redis.call('INCR', 'sess:evidence:seq'), item)
  redis.call('PUBLISH', 'sess:evidence', item)
end

local function testify(item)
  local kind, subject, user, exempt, at = string.match(item, '^(%l+)|([^|]*)|([^|]*)|([^|]*)|(%d+)$')
  local left = tonumber(at) + life - now
  if left <= 0 then return end
  if kind == 'session' then redis.call('SET', 'sess:ended:sid:' .. subject, at, 'PX', left)
  elseif kind == 'lineage' then redis.call('SET', 'sess:ended:lineage:' .. user .. ':' .. subject, at, 'PX', left)
  elseif kind == 'user' then
    redis.call('ZADD', 'sess:ended:user:' .. user, 'GT', at, exempt)
    keep('sess:ended:user:' .. user, left)
  else redis.call('SET', 'sess:ended:all', later(at, redis.call('GET', 'sess:ended:all')), 'PX', life) end
  log(item)
end

local function condemned(sid, user, lineage, started)
  if redis.call('EXISTS', 'sess:ended:sid:' .. sid) == 1 then return true end
  if tonumber(started) <= later(redis.call('GET', 'sess:ended:all')) then return true end
  if user == '' then return false end
  if redis.call('EXISTS', 'sess:ended:lineage:' .. user .. ':' .. lineage) == 1 then return true end
  local befores = redis.call('ZRANGE', 'sess:ended:user:' .. user, 0, -1, 'WITHSCORES')
  for i = 1, #befores, 2 do
    if befores[i] ~= lineage and tonumber(started) <= tonumber(befores[i + 1]) then return true end
  end
  return false
end
`;

/** DEL needs no memory, and after a first write a script may go on in a full Redis: sessions can always be ended. */
export const evenWhenFull = `redis.call('DEL', 'sess:none')\n`;
