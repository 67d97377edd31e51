-- Files of messages. state: 0 to be fetched, 1 on the disk since `stored`, 2 failed (see error), 3 was on the disk and is deleted. Times in ms.
CREATE TABLE media_files(
    account TEXT NOT NULL, file TEXT NOT NULL,
    message_id TEXT NOT NULL, chat TEXT NOT NULL, from_me INTEGER NOT NULL, participant TEXT,
    kind TEXT NOT NULL, direct_path TEXT, url TEXT, media_key BLOB NOT NULL, sha256 BLOB, enc_sha256 BLOB, length INTEGER,
    mimetype TEXT NOT NULL, filename TEXT,
    created INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0, stored INTEGER, error TEXT,
    PRIMARY KEY(account, file)) WITHOUT ROWID;
CREATE INDEX media_files_state ON media_files(state, stored) WHERE state < 2;
CREATE INDEX media_files_created ON media_files(created);
CREATE INDEX media_files_name ON media_files(file);
