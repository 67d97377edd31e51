-- Addresses at which one person links one phone, once. digest is SHA-256 of what stands in the address; holder that of the cookie of the browser that
-- opened it first. Times are Unix milliseconds.
CREATE TABLE phone_links(
    digest BLOB NOT NULL PRIMARY KEY, session TEXT NOT NULL, made INTEGER NOT NULL, expires INTEGER NOT NULL, holder BLOB) WITHOUT ROWID;
