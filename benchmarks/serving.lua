-- What wrk asks, and what must come back: written beside by serving.py.
local cases = dofile(os.getenv("GLOKAL_BENCH_CASES"))
local at = 0
-- Stands for a number that is another one in each request.
local number = os.time() % 1000000 * 10000
local waiting = {}
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(_)
  wrong, refused, failed = 0, 0, 0
  single = #cases == 1
end

function request()
  at = at % #cases + 1
  number = number + 1
  local path = cases[at].path:gsub("NUMBER", number)
  return wrk.format("GET", path, {Accept = cases[at].accept})
end

function response(status, _, body)
  -- 503: every worker is busy; 429: so many queries of one client are at work.
  if status == 503 or status == 429 then
    refused = refused + 1
  elseif status ~= 200 then
    failed = failed + 1
  elseif single and body ~= cases[1].body then
    wrong = wrong + 1
  end
end

function done(summary, latency, _)
  local sums = {wrong = 0, refused = 0, failed = 0}
  for _, thread in ipairs(threads) do
    for name in pairs(sums) do
      sums[name] = sums[name] + thread:get(name)
    end
  end
  local lost = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.timeout
  io.write(string.format("RESULT %d %d %d %d %d %d %d %d %d %d\n",
    summary.requests, summary.duration, sums.wrong, sums.refused, sums.failed, lost,
    latency:percentile(50), latency:percentile(95), latency:percentile(99), latency.max))
end
