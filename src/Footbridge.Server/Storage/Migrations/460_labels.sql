-- Labels of business accounts as the account's devices share them. A deleted one keeps its row: its number must not be given again.
CREATE TABLE labels(
    session TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, color INTEGER NOT NULL, is_deleted INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY(session, id)) WITHOUT ROWID;
-- chat is the address as it came; a person may lie here under the phone number or under the LID.
CREATE TABLE chat_labels(
    session TEXT NOT NULL, label TEXT NOT NULL, chat TEXT NOT NULL,
    PRIMARY KEY(session, label, chat)) WITHOUT ROWID;
CREATE INDEX chat_labels_by_chat ON chat_labels(session, chat);
