-- What `wrk` measured, on one line: key=value, times in microseconds.
done = function(summary, latency, requests)
  local e = summary.errors
  print(string.format(
    "RESULT requests=%d micros=%d bytes=%d p50=%d p95=%d p99=%d bad=%d",
    summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(95), latency:percentile(99),
    e.status + e.connect + e.read + e.write + e.timeout))
end
