using Footbridge.Engine.Events;
using Footbridge.Jobs.Sqlite;
using Footbridge.Protocol.Xml;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage.Archive;

/// <summary>Rows of a table that stand for people, by phone number, LID or both, and for anything else by its address.</summary>
/// <remarks>
/// Two rows become one when something WhatsApp said names both addresses together, and never otherwise. The LID is who somebody is: a number
/// that comes with another LID than before has changed hands, and its former owner's row stays with the former owner.
/// </remarks>
/// <param name="join">Moves what belongs to the second row to the first, before the second is deleted.</param>
internal sealed class PersonTable(string table, Action<SqliteConnection, long, long> join)
{
    private readonly string _byPhone = $"SELECT id, lid FROM {table} WHERE session = ?1 AND phone = ?2";
    private readonly string _byLid = $"SELECT id, phone FROM {table} WHERE session = ?1 AND lid = ?2";
    private readonly string _byJid = $"SELECT id, NULL FROM {table} WHERE session = ?1 AND jid = ?2";
    private readonly string _insert = $"INSERT INTO {table}(session, phone, lid, jid) VALUES(?1, ?2, ?3, ?4) RETURNING id";
    private readonly string _setPhone = $"UPDATE {table} SET phone = ?2 WHERE id = ?1";
    private readonly string _setLid = $"UPDATE {table} SET lid = ?2 WHERE id = ?1";
    private readonly string _delete = $"DELETE FROM {table} WHERE id = ?1";

    /// <summary>The row of an address, or null.</summary>
    public long? Find(SqliteConnection c, string session, Jid address)
    {
        address = address.ToUser();
        return Look(c, !address.IsUser ? _byJid : address.IsLid ? _byLid : _byPhone, session, address.ToString())?.Id;
    }

    /// <summary>The rows of a party: two when its addresses are not known to be one yet.</summary>
    public IEnumerable<long> FindAll(SqliteConnection c, string session, Party party) =>
        new[] { party.Lid, party.Phone, party.Address }.OfType<Jid>().Select(jid => Find(c, session, jid)).OfType<long>().Distinct();

    /// <summary>The one row of a party, made or put together as needed.</summary>
    public long Resolve(SqliteConnection c, string session, Party party)
    {
        var (phone, lid) = (party.Phone?.ToUser().ToString(), party.Lid?.ToUser().ToString());
        if (phone is null && lid is null)
        {
            var jid = party.Address.ToUser().ToString();
            return Look(c, _byJid, session, jid)?.Id ?? Insert(c, session, null, null, jid);
        }

        var byLid = lid is null ? null : Look(c, _byLid, session, lid);
        var byPhone = phone is null ? null : Look(c, _byPhone, session, phone);
        return (byLid, byPhone) switch
        {
            (null, null) => Insert(c, session, phone, lid, null),
            ({ } same, { } other) when same.Id == other.Id => same.Id,
            (null, { } row) => WithLid(c, session, row, phone, lid),
            ({ } row, null) => phone is null ? row.Id : WithPhone(c, row.Id, phone),
            ({ } row, { } former) => Unite(c, row.Id, former, phone!),
        };
    }

    private static Row? Look(SqliteConnection c, string sql, string session, string address) =>
        c.QueryFirst<Row?>(sql, row => new Row(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1)), session, address);

    private long Insert(SqliteConnection c, string session, string? phone, string? lid, string? jid) =>
        c.QueryFirst(_insert, row => row.GetInt64(0), session, phone, lid, jid);

    private long WithLid(SqliteConnection c, string session, Row row, string? phone, string? lid)
    {
        if (lid is null) return row.Id;
        if (row.Other is null)
        {
            c.Execute(_setLid, row.Id, lid);
            return row.Id;
        }

        c.Execute(_setPhone, row.Id, null);
        return Insert(c, session, phone, lid, null);
    }

    private long WithPhone(SqliteConnection c, long id, string phone)
    {
        c.Execute(_setPhone, id, phone);
        return id;
    }

    private long Unite(SqliteConnection c, long id, Row former, string phone)
    {
        if (former.Other is null)
        {
            join(c, id, former.Id);
            c.Execute(_delete, former.Id);
        }
        else
        {
            c.Execute(_setPhone, former.Id, null);
        }

        return WithPhone(c, id, phone);
    }

    /// <param name="Other">The row's address of the other kind.</param>
    private readonly record struct Row(long Id, string? Other);
}
