-- The failure rate's transitions for stores that run them elsewhere.
local SPAN, BUCKETS, MINIMUM = unpack(settings)
local window = stored and numbers(1) or empty(BUCKETS, 2)
advance(window, SPAN, 2)
local last = #window
window[last - 1], window[last] = window[last - 1] + 1, window[last] + tonumber(event[2])
local calls, rate = total(window, 2, 0), 0
if calls >= MINIMUM then rate = total(window, 2, 1) / calls end
return finish({rate}, window)
