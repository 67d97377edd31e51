-- Callbacks that were answered and wait for those of earlier messages. The id counts as they came.
CREATE TABLE held_callbacks(id INTEGER PRIMARY KEY, app TEXT NOT NULL, message INTEGER NOT NULL, body BLOB NOT NULL);
