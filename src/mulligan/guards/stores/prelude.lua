-- What the scripts of all strategies share; it is put before each of them.
-- KEYS[1]: the state. ARGV: the instant ('' for the server's clock), milliseconds of life, the number of settings, the settings, the event.
local now
if ARGV[1] == '' then
  local time = redis.call('TIME')
  now = tonumber(time[1]) + tonumber(time[2]) / 1000000
else
  now = tonumber(ARGV[1])
end
local life = ARGV[2]
local settings, event, words = {}, {}, {}
local count = tonumber(ARGV[3])
for i = 1, count do settings[i] = tonumber(ARGV[3 + i]) end
for i = 4 + count, #ARGV do event[#event + 1] = ARGV[i] end
local stored = redis.call('GET', KEYS[1])
if stored then
  for word in string.gmatch(stored, '%S+') do words[#words + 1] = word end
end

local function text(value)
  if type(value) == 'number' then return string.format('%.17g', value) end
  return value
end

local function texts(values)
  local found = {}
  for i = 1, #values do found[i] = text(values[i]) end
  return found
end

local function numbers(first)
  local found = {}
  for i = first, #words do found[#found + 1] = tonumber(words[i]) end
  return found
end

-- windows of buckets, as in guards/buckets.py
local function empty(buckets, width)
  local window = {0}
  for i = 1, buckets * width do window[i + 1] = 0 end
  return window
end

local function advance(window, span, width)
  local newest = math.floor(now / span)
  local passed = newest - window[1]
  if passed <= 0 then return end
  local size = #window
  local gone = math.min(passed, (size - 1) / width) * width
  for i = 2, size - gone do window[i] = window[i + gone] end
  for i = size - gone + 1, size do window[i] = 0 end
  window[1] = newest
end

local function total(window, width, counter)
  local sum = 0
  for i = 2 + counter, #window, width do sum = sum + window[i] end
  return sum
end

local function finish(answer, state)
  local written = table.concat(texts(state), ' ')
  if written == stored then
    redis.call('PEXPIRE', KEYS[1], life)
  else
    redis.call('SET', KEYS[1], written, 'PX', life)
  end
  return {text(now), texts(answer), written}
end
