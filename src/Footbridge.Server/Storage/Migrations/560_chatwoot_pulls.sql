-- Imports that agents asked for: the last one of each kind of an app, what it is to do, and how far it is. State: 0 running, 1 completed,
-- 2 failed, 3 cancelled. Times are Unix seconds.
CREATE TABLE chatwoot_pulls(
    app TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, state INTEGER NOT NULL, plan TEXT NOT NULL, progress TEXT NOT NULL, started INTEGER NOT NULL,
    PRIMARY KEY(app, kind)) WITHOUT ROWID;
