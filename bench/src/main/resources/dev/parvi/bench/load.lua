-- One request after the other to a random key. Arguments: kind (echo | query | command), number of keys, prefix of the keys.
local kind, keys, prefix, path, body

function init(arguments)
  kind, keys, prefix = arguments[1], tonumber(arguments[2]), arguments[3]
  -- Threads are made in the same moment: the address of a table tells them apart.
  math.randomseed(os.time() + tonumber(tostring({}):match("0x(%x+)"), 16) % 2147483647)
  body = '{"amount": 1}'
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  if kind == "echo" then return wrk.format("POST", "/echo", nil, body) end
  local entity = "/account/" .. prefix .. math.random(keys)
  if kind == "query" then return wrk.format("GET", entity) end
  return wrk.format("POST", entity .. "/deposit", nil, body)
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    "RESULT requests=%d micros=%d p50=%d p99=%d max=%d status=%d socket=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
