-- The failure rate's transitions for stores that run them elsewhere.
local SPAN, BUCKETS = unpack(settings)
local window = stored and numbers(1) or empty(BUCKETS, 2)
advance(window, SPAN, 2)
local last = #window
window[last - 1], window[last] = window[last - 1] + 1, window[last] + tonumber(event[1])
return finish({}, window)
