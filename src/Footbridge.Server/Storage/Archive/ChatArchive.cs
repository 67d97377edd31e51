using Footbridge.Engine.Events;
using Footbridge.Jobs.Sqlite;
using Footbridge.Protocol.Xml;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage.Archive;

/// <summary>Reads the chats and the people a session knows.</summary>
internal sealed class ChatArchive(SqliteDatabase database)
{
    // A person's name as its contact has it, by whichever address; else what a group or channel is called.
    private const string ContactName = "COALESCE(k.full_name, k.business_name, k.push_name)";
    private const string Name =
        $"COALESCE((SELECT {ContactName} FROM archive_contacts k WHERE k.session = c.session AND k.lid = c.lid), (SELECT {ContactName} FROM archive_contacts k WHERE k.session = c.session AND k.phone = c.phone), c.name)";

    private const string Id = "COALESCE(c.phone, c.lid, c.jid)";
    private const string Select =
        $"SELECT c.id, c.phone, c.lid, c.jid, {Name} AS shown, c.last_at, (SELECT COUNT(*) FROM archive_messages m WHERE m.chat = c.id AND m.unread = 1), c.is_unread, c.is_archived, c.is_pinned, c.muted_until, c.ephemeral FROM archive_chats c";

    private const string Page = "LIMIT ?2 OFFSET ?3";
    private const string SelectContacts = "SELECT k.phone, k.lid, k.jid, k.full_name, k.first_name, k.push_name, k.business_name, k.username FROM archive_contacts k";

    private static readonly Dictionary<(ChatOrder Order, bool IsDescending), string> Lists = new()
    {
        [(ChatOrder.LastMessage, true)] = $"{Select} WHERE c.session = ?1 ORDER BY c.last_at DESC, c.id DESC {Page}",
        [(ChatOrder.LastMessage, false)] = $"{Select} WHERE c.session = ?1 ORDER BY c.last_at, c.id {Page}",
        [(ChatOrder.Id, true)] = $"{Select} WHERE c.session = ?1 ORDER BY {Id} DESC {Page}",
        [(ChatOrder.Id, false)] = $"{Select} WHERE c.session = ?1 ORDER BY {Id} {Page}",
        [(ChatOrder.Name, true)] = $"{Select} WHERE c.session = ?1 ORDER BY COALESCE({Name}, '') DESC, c.id DESC {Page}",
        [(ChatOrder.Name, false)] = $"{Select} WHERE c.session = ?1 ORDER BY COALESCE({Name}, ''), c.id {Page}",
    };

    private static readonly Dictionary<(ChatOrder Order, bool IsDescending), string> ContactLists = new()
    {
        [(ChatOrder.Id, true)] = $"{SelectContacts} WHERE k.session = ?1 ORDER BY COALESCE(k.phone, k.lid, k.jid) DESC {Page}",
        [(ChatOrder.Id, false)] = $"{SelectContacts} WHERE k.session = ?1 ORDER BY COALESCE(k.phone, k.lid, k.jid) {Page}",
        [(ChatOrder.Name, true)] = $"{SelectContacts} WHERE k.session = ?1 ORDER BY COALESCE({ContactName}, '') DESC, k.id DESC {Page}",
        [(ChatOrder.Name, false)] = $"{SelectContacts} WHERE k.session = ?1 ORDER BY COALESCE({ContactName}, ''), k.id {Page}",
    };

    public IReadOnlyList<ArchivedChat> List(string session, ChatOrder order, ArchivePage page) =>
        database.Read(c => c.Query(Lists[(order, page.IsDescending)], Shape, session, page.Take, page.Offset));

    /// <summary>A chat by either address of a person, or null.</summary>
    public ArchivedChat? Find(string session, Jid chat) => database.Read(c =>
        ArchiveTables.Chats.Find(c, session, chat) is { } row ? c.QueryFirst($"{Select} WHERE c.id = ?1", Shape, row) : null);

    /// <param name="order">By id or by name.</param>
    public IReadOnlyList<ArchivedContact> Contacts(string session, ChatOrder order, ArchivePage page) =>
        database.Read(c => c.Query(ContactLists[(order, page.IsDescending)], ShapeContact, session, page.Take, page.Offset));

    /// <summary>A person by either address, or null.</summary>
    public ArchivedContact? FindContact(string session, Jid person) => database.Read(c =>
        ArchiveTables.Contacts.Find(c, session, person) is { } row ? c.QueryFirst($"{SelectContacts} WHERE k.id = ?1", ShapeContact, row) : null);

    private static ArchivedChat Shape(SqliteDataReader row) => new(
        row.GetInt64(0), PartyOf(row, 1), Text(row, 4), row.GetInt64(5) is > 0 and var at ? DateTimeOffset.FromUnixTimeSeconds(at) : null, row.GetInt64(6), row.GetBoolean(7),
        row.GetBoolean(8), row.GetBoolean(9), row.IsDBNull(10) ? null : row.GetInt64(10), row.GetInt64(11));

    private static ArchivedContact ShapeContact(SqliteDataReader row) => new(PartyOf(row, 0), Text(row, 3), Text(row, 4), Text(row, 5), Text(row, 6), Text(row, 7));

    private static Party PartyOf(SqliteDataReader row, int column)
    {
        var (phone, lid) = (ArchivedMessage.Address(row, column), ArchivedMessage.Address(row, column + 1));
        return new(phone ?? lid ?? ArchivedMessage.Address(row, column + 2)!.Value, phone, lid);
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
