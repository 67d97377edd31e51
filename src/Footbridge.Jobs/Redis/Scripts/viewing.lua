-- keys: errors
-- uses: base
-- What the board shows of a job; a pending one is told apart into waiting, delayed and paused by the reader.
local function view(id, job)
  local blame = call('HGET', kErrors, id)
  return {
    id, job[QUEUE], job[LANE], job[POLICY], job[STATE], job[AT], job[ATTEMPTS], job[PROGRESS], job[CREATED], job[STARTED],
    job[FINISHED], blame and cmsgpack.unpack(blame)[1] or false,
  }
end
