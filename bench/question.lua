-- One question by POST; prints the run's figures as one line of JSON. Latencies in microseconds.
wrk.method = "POST"
wrk.body = os.getenv("BENCH_BODY")
wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN")
wrk.headers["Content-Type"] = "application/json"
if os.getenv("BENCH_ORIGIN") then wrk.headers["Origin"] = os.getenv("BENCH_ORIGIN") end

function done(summary, latency, requests)
  local errors = summary.errors
  local unanswered = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format(
    '\n{"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "refused": %d, "unanswered": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, unanswered
  ))
end
