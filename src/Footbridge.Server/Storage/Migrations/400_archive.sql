-- What sessions have said and heard, for the API's reads. One row for a person's chat whichever of its addresses is used: phone
-- (…@s.whatsapp.net), lid (…@lid), or both once it is known that they are one; everything that is no person has a jid alone.
-- Times are Unix seconds.
CREATE TABLE archive_chats(
    id INTEGER PRIMARY KEY, session TEXT NOT NULL, phone TEXT, lid TEXT, jid TEXT, name TEXT, last_at INTEGER NOT NULL DEFAULT 0,
    is_archived INTEGER NOT NULL DEFAULT 0, is_pinned INTEGER NOT NULL DEFAULT 0, is_unread INTEGER NOT NULL DEFAULT 0,
    muted_until INTEGER, ephemeral INTEGER NOT NULL DEFAULT 0, is_live INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX archive_chats_by_phone ON archive_chats(session, phone) WHERE phone IS NOT NULL;
CREATE UNIQUE INDEX archive_chats_by_lid ON archive_chats(session, lid) WHERE lid IS NOT NULL;
CREATE UNIQUE INDEX archive_chats_by_jid ON archive_chats(session, jid) WHERE jid IS NOT NULL;
CREATE INDEX archive_chats_by_time ON archive_chats(session, last_at, id);
-- State: 0 a message, 1 one that could not be opened yet, 2 one that its author took back (its content is gone). The content, a Message
-- of WhatsApp's protobuf, comes last: finding a row must not read it.
CREATE TABLE archive_messages(
    id INTEGER PRIMARY KEY, session TEXT NOT NULL, chat INTEGER NOT NULL, message_id TEXT NOT NULL, from_me INTEGER NOT NULL, at INTEGER NOT NULL,
    state INTEGER NOT NULL DEFAULT 0, ack INTEGER NOT NULL, unread INTEGER NOT NULL DEFAULT 0, starred INTEGER NOT NULL DEFAULT 0, origin INTEGER NOT NULL DEFAULT 0,
    edited INTEGER, sender TEXT NOT NULL, sender_phone TEXT, sender_lid TEXT, push_name TEXT, content BLOB);
CREATE UNIQUE INDEX archive_messages_by_id ON archive_messages(session, message_id, chat, from_me);
CREATE INDEX archive_messages_by_chat ON archive_messages(chat, at, id);
CREATE INDEX archive_messages_by_time ON archive_messages(session, at, id);
CREATE INDEX archive_messages_unread ON archive_messages(chat, at) WHERE unread = 1;
CREATE TABLE archive_contacts(
    id INTEGER PRIMARY KEY, session TEXT NOT NULL, phone TEXT, lid TEXT, jid TEXT, full_name TEXT, first_name TEXT, push_name TEXT, business_name TEXT, username TEXT);
CREATE UNIQUE INDEX archive_contacts_by_phone ON archive_contacts(session, phone) WHERE phone IS NOT NULL;
CREATE UNIQUE INDEX archive_contacts_by_lid ON archive_contacts(session, lid) WHERE lid IS NOT NULL;
CREATE UNIQUE INDEX archive_contacts_by_jid ON archive_contacts(session, jid) WHERE jid IS NOT NULL;
