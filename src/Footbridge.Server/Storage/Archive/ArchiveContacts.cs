using Footbridge.Engine.Events;
using Footbridge.Jobs.Sqlite;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage.Archive;

/// <summary>The statements about people's names.</summary>
internal static class ArchiveContacts
{
    private static readonly PersonTable Table = ArchiveTables.Contacts;

    /// <summary>A name that is not told stays; an empty one goes.</summary>
    public static void Update(SqliteConnection c, string session, ContactUpdated contact)
    {
        if (!contact.Person.Address.IsUser) return;
        var id = Table.Resolve(c, session, contact.Person);
        c.Execute(
            """
            UPDATE archive_contacts SET full_name = NULLIF(COALESCE(?2, full_name, ''), ''), first_name = NULLIF(COALESCE(?3, first_name, ''), ''),
                push_name = NULLIF(COALESCE(?4, push_name, ''), ''), business_name = NULLIF(COALESCE(?5, business_name, ''), ''), username = NULLIF(COALESCE(?6, username, ''), '')
            WHERE id = ?1
            """,
            id, contact.FullName, contact.FirstName, contact.PushName, contact.BusinessName, contact.Username);
    }

    /// <summary>How somebody calls itself, as each of its messages says.</summary>
    public static void SetPushName(SqliteConnection c, string session, Party person, string name)
    {
        if (!person.Address.IsUser) return;
        c.Execute("UPDATE archive_contacts SET push_name = ?2 WHERE id = ?1 AND push_name IS DISTINCT FROM ?2", Table.Resolve(c, session, person), name);
    }

    /// <summary>A name from the past: it counts only where none is known.</summary>
    public static void AddPushName(SqliteConnection c, string session, Party person, string name)
    {
        if (!person.Address.IsUser || name.Length == 0) return;
        c.Execute("UPDATE archive_contacts SET push_name = ?2 WHERE id = ?1 AND push_name IS NULL", Table.Resolve(c, session, person), name);
    }
}
