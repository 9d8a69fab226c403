-- The budgets' transitions for stores that run them elsewhere; the kinds are deposit, token ratio and quota.
local KIND = settings[1]
local kind, granted, held = event[1], 1, 0
local state = numbers(1)

if KIND == 0 then
  local SPAN, BUCKETS, AMOUNT, WITHDRAWAL, RESERVE = unpack(settings, 2)
  if not stored then state = empty(BUCKETS, 1) end
  if kind ~= 'settle' then advance(state, SPAN, 1) end
  if kind == 'begin' then
    state[#state] = state[#state] + AMOUNT
  elseif kind == 'refund' then
    state[#state] = state[#state] + tonumber(event[2])
  elseif kind == 'withdraw' then
    if total(state, 1, 0) + RESERVE < WITHDRAWAL then
      granted = 0
    else
      state[#state] = state[#state] - WITHDRAWAL
      held = WITHDRAWAL
    end
  end
elseif KIND == 1 then
  local MOST, CREDIT = unpack(settings, 2)
  if not stored then state = {MOST} end
  if kind == 'settle' then
    local change = event[2] == '1' and CREDIT or -1000
    state[1] = math.min(math.max(state[1] + change, 0), MOST)
  elseif kind == 'withdraw' then
    granted = 2 * state[1] > MOST and 1 or 0
  end
else
  local CAPACITY, COST, THROTTLING, CREDIT = unpack(settings, 2)
  if not stored then state = {CAPACITY} end
  if kind == 'withdraw' then
    local cost = event[2] == '1' and THROTTLING or COST
    if state[1] < cost then
      granted = 0
    else
      state[1] = state[1] - cost
      held = cost
    end
  elseif kind == 'refund' then
    state[1] = math.min(state[1] + tonumber(event[2]), CAPACITY)
  elseif kind == 'settle' and event[2] == '1' then
    local amount = tonumber(event[3])
    if amount == 0 then amount = CREDIT end
    state[1] = math.min(state[1] + amount, CAPACITY)
  end
end
return finish({granted, held}, state)
