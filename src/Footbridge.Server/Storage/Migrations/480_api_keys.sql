-- API keys beside the one of the configuration. digest is SHA-512 of the key, by which a request is known; sealed is the key itself, under the key file of the data folder.
-- actions: null for the usual ones, else the sum of KeyActions.
CREATE TABLE api_keys(
    id TEXT NOT NULL PRIMARY KEY, digest BLOB NOT NULL UNIQUE, sealed BLOB NOT NULL, is_active INTEGER NOT NULL, is_admin INTEGER NOT NULL, session TEXT, actions INTEGER,
    CHECK((is_admin = 1) = (session IS NULL))
) WITHOUT ROWID;
