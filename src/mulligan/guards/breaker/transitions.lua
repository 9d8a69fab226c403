-- The breaker's transitions for stores that run them elsewhere; TABLE is made from the one in transitions.py.
local KIND, SIZE, BUCKETS, RATE, MINIMUM, SLOW, PERMITS, SUCCESSES, LEASE = unpack(settings, 1, 9)
local DURATIONS = {unpack(settings, 10)}
local ORDERED = tostring(30 * 86400 * 1000)

local function fresh()
  if KIND == 0 then return {0} end
  if KIND == 1 then return {0, 0} end
  return empty(BUCKETS, 3)
end

local status, generation, rest = 'closed', 0, fresh()
if stored then
  status, generation, rest = words[1], tonumber(words[2]), numbers(3)
end
local before = status

local function move(occurrence)
  local openings = 0
  if status == 'open' or status == 'half_open' then openings = rest[1] end
  generation = generation + 1
  status = TABLE[status .. ' ' .. occurrence]
  if status == 'open' then
    rest = {openings + 1, now + DURATIONS[math.min(openings + 1, #DURATIONS)]}
  elseif status == 'half_open' then
    rest = {openings, 1, now, 0, 0}
  elseif status == 'closed' or status == 'metrics_only' then
    rest = fresh()
  else
    rest = {}
  end
end

local function observe(failed, slow)
  if KIND == 0 then
    rest[1] = failed == 1 and rest[1] + 1 or 0
  elseif KIND == 1 then
    if #rest - 2 == SIZE then
      local oldest = table.remove(rest, 3)
      rest[1] = rest[1] - oldest % 2
      rest[2] = rest[2] - math.floor(oldest / 2)
    end
    rest[1] = rest[1] + failed
    rest[2] = rest[2] + slow
    rest[#rest + 1] = failed + 2 * slow
  else
    advance(rest, SIZE, 3)
    local last = #rest
    rest[last - 2], rest[last - 1], rest[last] = rest[last - 2] + 1, rest[last - 1] + failed, rest[last] + slow
  end
end

local function reached()
  if KIND == 0 then return rest[1] >= SIZE end
  local calls, failures, slow
  if KIND == 1 then
    calls, failures, slow = #rest - 2, rest[1], rest[2]
  else
    calls, failures, slow = total(rest, 3, 0), total(rest, 3, 1), total(rest, 3, 2)
  end
  return calls >= MINIMUM and (failures >= RATE * calls or slow >= SLOW * calls)
end

local permit, kind = '', event[1]
if kind == 'ask' then
  if status == 'open' and now >= rest[2] then
    move('RESTED')
    permit = generation
  elseif status == 'half_open' then
    local heard = rest[4] + rest[5]
    if rest[2] < PERMITS then
      rest[2], rest[3] = rest[2] + 1, now
      permit = generation
    elseif heard < PERMITS and now >= rest[3] + LEASE then
      generation = generation + 1
      rest[2], rest[3] = heard + 1, now
      permit = generation
    end
  elseif status ~= 'open' and status ~= 'forced_open' then
    permit = generation
  end
elseif kind == 'order' then
  move(event[2])
elseif tonumber(event[2]) == generation then
  if kind == 'release' then
    if status == 'half_open' and rest[2] > rest[4] + rest[5] then rest[2] = rest[2] - 1 end
  elseif status == 'closed' or status == 'metrics_only' then
    observe(tonumber(event[3]), tonumber(event[4]))
    if status == 'closed' and reached() then move('TRIPPED') end
  elseif status == 'half_open' then
    local failed = (event[3] == '1' or event[4] == '1') and 1 or 0
    rest[4], rest[5] = rest[4] + 1 - failed, rest[5] + failed
    if rest[4] >= SUCCESSES then
      move('RECOVERED')
    elseif rest[5] > PERMITS - SUCCESSES then
      move('RELAPSED')
    end
  end
end

local retry_after = ''
if status == 'open' then retry_after = math.max(rest[2] - now, 0) end
if status == 'forced_open' or status == 'disabled' or status == 'metrics_only' then life = ORDERED end
return finish({permit, retry_after, before, status}, {status, generation, unpack(rest)})
