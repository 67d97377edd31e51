-- keys: rates
-- uses: base
return { now, call('HGETALL', kRates) }
