-- One row for each job that carries something for a person, until some time after it is settled. The payload comes last: reading a row
-- must not read it. State: 0 pending, 1 delivered, 2 dropped, 3 quarantined. Times are Unix milliseconds.
CREATE TABLE deliveries(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL UNIQUE, app TEXT NOT NULL, direction INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0,
    queue TEXT NOT NULL, lane TEXT NOT NULL, chat TEXT, conversation INTEGER, wa_id TEXT, cw_id INTEGER, class INTEGER NOT NULL DEFAULT 0,
    received INTEGER NOT NULL, queued INTEGER, settled INTEGER, attempts INTEGER NOT NULL DEFAULT 0, decision TEXT, policy TEXT NOT NULL, payload BLOB);
CREATE INDEX deliveries_pending ON deliveries(lane, seq) WHERE state = 0;
CREATE INDEX deliveries_troubled ON deliveries(app, direction, received) WHERE state > 1;
CREATE INDEX deliveries_by_time ON deliveries(app, direction, received);
CREATE INDEX deliveries_by_wa ON deliveries(wa_id) WHERE wa_id IS NOT NULL;
CREATE INDEX deliveries_by_cw ON deliveries(app, cw_id) WHERE cw_id IS NOT NULL;
CREATE INDEX deliveries_by_chat ON deliveries(chat) WHERE chat IS NOT NULL;
-- What happened to a delivery beyond its row: failed tries, being enqueued again, what operators did, changes of status.
CREATE TABLE hops(n INTEGER PRIMARY KEY, job TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, attempt INTEGER, text TEXT);
CREATE INDEX hops_by_job ON hops(job, n);
-- Where the comparison with Chatwoot stands: for an app, from when on it counts and the last complete pass; for a conversation, the last
-- message that was checked. Times are Unix seconds, as Chatwoot's are.
CREATE TABLE chatwoot_passes(app TEXT PRIMARY KEY, since INTEGER NOT NULL, complete INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE chatwoot_checked(app TEXT NOT NULL, conversation INTEGER NOT NULL, cw_id INTEGER NOT NULL, PRIMARY KEY(app, conversation)) WITHOUT ROWID;
INSERT INTO chatwoot_passes(app, since, complete) SELECT id, strftime('%s', 'now'), strftime('%s', 'now') FROM apps;
