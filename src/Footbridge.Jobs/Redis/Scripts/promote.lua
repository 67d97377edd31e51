-- uses: finish
local id = ARGV[2]
local job = read(id)
if not job or job[STATE] ~= PENDING or job[AT] <= now then return 0 end
unindex(id, job)
job[AT] = now
index(id, job)
write(id, job)
settle_unless_active(job[LANE])
close()
return 1
