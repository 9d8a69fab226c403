-- The throttle's transitions for stores that run them elsewhere.
local SPAN, BUCKETS, K = unpack(settings)
local window = stored and numbers(1) or empty(BUCKETS, 2)
local kind, granted, probability = event[1], 1, 0
advance(window, SPAN, 2)
local last = #window
if kind == 'ask' then
  local requests, accepts = total(window, 2, 0), total(window, 2, 1)
  probability = math.max(0, (requests - K * accepts) / (requests + 1))
  if tonumber(event[2]) < probability then granted = 0 end
  window[last - 1] = window[last - 1] + 1
elseif kind == 'accepted' then
  window[last] = window[last] + 1
else
  local place = last + 1 - 2 * (window[1] - tonumber(event[2]) + 1)
  if place >= 2 and place <= last then window[place] = window[place] - 1 end
end
return finish({granted, window[1], probability}, window)
