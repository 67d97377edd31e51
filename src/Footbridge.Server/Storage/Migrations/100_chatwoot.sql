CREATE TABLE apps(id TEXT PRIMARY KEY, session TEXT NOT NULL, app TEXT NOT NULL, enabled INTEGER NOT NULL, config TEXT NOT NULL);
CREATE TABLE chatwoot_messages(
    app TEXT NOT NULL, wa_id TEXT NOT NULL, chat TEXT NOT NULL, from_me INTEGER NOT NULL,
    conversation INTEGER NOT NULL, cw_id INTEGER NOT NULL, ack INTEGER NOT NULL DEFAULT 0, updated INTEGER NOT NULL,
    PRIMARY KEY(app, wa_id)) WITHOUT ROWID;
CREATE INDEX chatwoot_messages_by_cw ON chatwoot_messages(app, conversation, cw_id);
CREATE TABLE chatwoot_chats(
    app TEXT NOT NULL, chat TEXT NOT NULL, contact INTEGER NOT NULL, conversation INTEGER NOT NULL, target TEXT NOT NULL,
    PRIMARY KEY(app, chat)) WITHOUT ROWID;
CREATE INDEX chatwoot_chats_by_conversation ON chatwoot_chats(app, conversation);
