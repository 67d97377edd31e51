namespace Footbridge.SystemTests.Chatwoot;

/// <summary>The tables of Chatwoot's database that an import looks at and writes. Source: Chatwoot's db/schema.rb, version 2025_08_16_044639 (4.5); other tables and the indexes are left out.</summary>
internal static class ChatwootTables
{
    public const string Sql =
        """
        CREATE TABLE schema_migrations(version varchar PRIMARY KEY);
        INSERT INTO schema_migrations VALUES ('20231211010807'), ('20250816044639');
        CREATE TABLE contacts(
            id serial PRIMARY KEY, name varchar DEFAULT '', email varchar, phone_number varchar, account_id integer NOT NULL,
            created_at timestamp NOT NULL, updated_at timestamp NOT NULL, additional_attributes jsonb DEFAULT '{}', identifier varchar, custom_attributes jsonb DEFAULT '{}',
            last_activity_at timestamp, contact_type integer DEFAULT 0, middle_name varchar DEFAULT '', last_name varchar DEFAULT '', location varchar DEFAULT '',
            country_code varchar DEFAULT '', blocked boolean DEFAULT false NOT NULL);
        CREATE TABLE conversations(
            id serial PRIMARY KEY, account_id integer NOT NULL, inbox_id integer NOT NULL, status integer DEFAULT 0 NOT NULL, assignee_id integer,
            created_at timestamp NOT NULL, updated_at timestamp NOT NULL, contact_id bigint, display_id integer NOT NULL, contact_last_seen_at timestamp, agent_last_seen_at timestamp,
            additional_attributes jsonb DEFAULT '{}', contact_inbox_id bigint, uuid uuid DEFAULT gen_random_uuid() NOT NULL, identifier varchar,
            last_activity_at timestamp DEFAULT CURRENT_TIMESTAMP NOT NULL, team_id bigint, campaign_id bigint, snoozed_until timestamp, custom_attributes jsonb DEFAULT '{}',
            assignee_last_seen_at timestamp, first_reply_created_at timestamp, priority integer, sla_policy_id bigint, waiting_since timestamp(6), cached_label_list text,
            UNIQUE(account_id, display_id));
        CREATE TABLE messages(
            id serial PRIMARY KEY, content text, account_id integer NOT NULL, inbox_id integer NOT NULL, conversation_id integer NOT NULL, message_type integer NOT NULL,
            created_at timestamp NOT NULL, updated_at timestamp NOT NULL, private boolean DEFAULT false NOT NULL, status integer DEFAULT 0, source_id varchar,
            content_type integer DEFAULT 0 NOT NULL, content_attributes json DEFAULT '{}', sender_type varchar, sender_id bigint, external_source_ids jsonb DEFAULT '{}',
            additional_attributes jsonb DEFAULT '{}', processed_message_content text, sentiment jsonb DEFAULT '{}');
        """;
}
