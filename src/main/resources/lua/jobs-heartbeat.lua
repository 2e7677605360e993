-- Sets the heartbeat KEYS[1] of the worker ARGV[1] for ARGV[2] ms and adds it to the workers KEYS[2].
redis.call('GET', KEYS[1]) -- Fails on a wrong type, which SET would overwrite.
redis.call('SET', KEYS[1], '1', 'PX', ARGV[2])
return redis.call('SADD', KEYS[2], ARGV[1])
