-- What a contact was last told of its person, so that only news are written and nothing that an agent wrote is written over.
ALTER TABLE chatwoot_chats ADD COLUMN name TEXT;
ALTER TABLE chatwoot_chats ADD COLUMN lid TEXT;
ALTER TABLE chatwoot_chats ADD COLUMN source TEXT;
-- Which of several chats in one conversation was filed last.
ALTER TABLE chatwoot_chats ADD COLUMN written INTEGER NOT NULL DEFAULT 0;
-- The picture that was given to a contact: WhatsApp's id of it, its hash, and how Chatwoot shows it.
ALTER TABLE chatwoot_chats ADD COLUMN picture_id TEXT;
ALTER TABLE chatwoot_chats ADD COLUMN picture_hash TEXT;
ALTER TABLE chatwoot_chats ADD COLUMN picture_shown TEXT;
