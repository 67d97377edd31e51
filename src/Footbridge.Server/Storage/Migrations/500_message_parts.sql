ALTER TABLE chatwoot_messages ADD COLUMN part INTEGER NOT NULL DEFAULT 1;
ALTER TABLE chatwoot_messages ADD COLUMN participant TEXT;
