-- The throttle's transitions for stores that run them elsewhere.
local SPAN, BUCKETS, K = unpack(settings)
local window = stored and numbers(1) or empty(BUCKETS, 2)
local kind, granted, probability = event[1], 1, 0
advance(window, SPAN, 2)
local last = #window
if kind == 'ask' then
  local requests, accepts = total(window, 2, 0), total(window, 2, 1)
  probability = math.max(0, (requests - K * accepts) / (requests + 1))
  if tonumber(event[2]) < probability then
    granted = 0
    window[last - 1] = window[last - 1] + 1
  end
else
  window[last - 1], window[last] = window[last - 1] + 1, window[last] + tonumber(event[2])
end
return finish({granted, probability}, window)
