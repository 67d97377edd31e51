-- What a contact was last told of its person, so that only news are written and nothing that an agent wrote is written over.
ALTER TABLE chatwoot_chats ADD COLUMN name TEXT;
ALTER TABLE chatwoot_chats ADD COLUMN lid TEXT;
ALTER TABLE chatwoot_chats ADD COLUMN source TEXT;
-- Which of several chats in one conversation was filed last.
ALTER TABLE chatwoot_chats ADD COLUMN written INTEGER NOT NULL DEFAULT 0;
