using Footbridge.Engine.Events;
using Footbridge.Jobs.Sqlite;
using Footbridge.Protocol.Xml;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage.Labels;

/// <summary>A label of a business account.</summary>
/// <param name="Color">Index into WhatsApp's palette of 20.</param>
internal sealed record Label(string Id, string Name, int Color);

/// <summary>Labels and the chats they are on, written with the events that tell of them.</summary>
internal sealed class LabelTable(SqliteDatabase database) : IEventProjection
{
    public void Apply(SqliteConnection connection, string account, EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case LabelUpdated label:
                connection.Execute(
                    "INSERT INTO labels(session, id, name, color, is_deleted) VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET name = ?3, color = ?4, is_deleted = ?5",
                    account, label.LabelId, label.Name, label.Color, label.IsDeleted ? 1 : 0);
                if (label.IsDeleted) connection.Execute("DELETE FROM chat_labels WHERE session = ?1 AND label = ?2", account, label.LabelId);
                break;
            case LabelAssigned { MessageId: null, IsAssigned: true } assigned:
                connection.Execute("INSERT INTO chat_labels(session, label, chat) VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING", account, assigned.LabelId, assigned.Chat.Address.ToString());
                break;
            case LabelAssigned { MessageId: null } removed:
                foreach (var address in AddressesOf(removed.Chat))
                {
                    connection.Execute("DELETE FROM chat_labels WHERE session = ?1 AND label = ?2 AND chat = ?3", account, removed.LabelId, address);
                }

                break;
        }
    }

    public IReadOnlyList<Label> List(string session) => database.Read(c => c.Query(
        "SELECT id, name, color FROM labels WHERE session = ?1 AND is_deleted = 0 ORDER BY CAST(id AS INTEGER), id", Read, session));

    public Label? Find(string session, string id) => database.Read(c => c.QueryFirst(
        "SELECT id, name, color FROM labels WHERE session = ?1 AND id = ?2 AND is_deleted = 0", Read, session, id));

    /// <summary>Labels of a chat under any of its addresses.</summary>
    public IReadOnlyList<Label> OfChat(string session, Party chat) => [.. AddressesOf(chat)
        .SelectMany(address => database.Read(c => c.Query(
            "SELECT l.id, l.name, l.color FROM chat_labels x JOIN labels l ON l.session = x.session AND l.id = x.label WHERE x.session = ?1 AND x.chat = ?2 AND l.is_deleted = 0", Read, session, address)))
        .DistinctBy(label => label.Id).OrderBy(label => label.Id.Length).ThenBy(label => label.Id, StringComparer.Ordinal)];

    /// <summary>Chats with a label, by the address the label was put on.</summary>
    public IReadOnlyList<Jid> ChatsOf(string session, string label) => [.. database.Read(c => c.Query(
        "SELECT chat FROM chat_labels WHERE session = ?1 AND label = ?2 ORDER BY chat", row => row.GetString(0), session, label)).Select(Jid.Parse)];

    /// <summary>A number that no label of the session has had.</summary>
    public string NextId(string session) => database.Read(c => c.QueryFirst(
        "SELECT CAST(COALESCE(MAX(CAST(id AS INTEGER)), 0) + 1 AS TEXT) FROM labels WHERE session = ?1", row => row.GetString(0), session))!;

    /// <summary>Forgets everything of a session whose account is unlinked.</summary>
    public static void DeleteAll(SqliteConnection connection, string session)
    {
        connection.Execute("DELETE FROM labels WHERE session = ?1", session);
        connection.Execute("DELETE FROM chat_labels WHERE session = ?1", session);
    }

    private static Label Read(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), row.GetInt32(2));

    private static IEnumerable<string> AddressesOf(Party chat) => new[] { chat.Address, chat.Phone ?? chat.Address, chat.Lid ?? chat.Address }.Select(jid => jid.ToString()).Distinct();
}
