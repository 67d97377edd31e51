-- How far an agent's message has come with each member of its group.
CREATE TABLE chatwoot_receipts(
    app TEXT NOT NULL, wa_id TEXT NOT NULL, person TEXT NOT NULL, level INTEGER NOT NULL,
    PRIMARY KEY(app, wa_id, person)) WITHOUT ROWID;
-- The latest of several changes that may follow each other quickly, by what they change.
CREATE TABLE chatwoot_changes(
    app TEXT NOT NULL, what TEXT NOT NULL, change TEXT NOT NULL,
    PRIMARY KEY(app, what)) WITHOUT ROWID;
