using Footbridge.Engine.Connection;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Contacts;

/// <summary>The people this account has blocked. Source: docs/protocol/contacts.md.</summary>
public sealed class Blocklist
{
    private readonly AccountContext _context;
    private readonly NumberLookups _numbers;
    private readonly Lock _gate = new();
    private Dictionary<Jid, Party>? _blocked;
    private string? _hash;

    internal Blocklist(AccountContext context, NumberLookups numbers) => (_context, _numbers) = (context, numbers);

    /// <summary>Who is blocked, from WhatsApp the first time and from its notifications since.</summary>
    /// <exception cref="QueryFailedException">WhatsApp refuses.</exception>
    public async Task<IReadOnlyList<Party>> GetAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            if (_blocked is { } known) return [.. known.Values];
        }

        var answer = await _context.QueryAsync(Iq.Get("blocklist"), ct);
        var parties = (answer.Child("list")?.ChildrenOf("item") ?? []).Select(PartyOf).OfType<Party>().ToList();
        await _context.StoreAsync(async (batch, stop) => await LearnAsync(parties, _context.Time.GetUtcNow(), batch, stop), ct);
        lock (_gate)
        {
            _blocked = [];
            foreach (var party in parties) _blocked[party.Address] = party;
            _hash = answer.Child("list")?["dhash"];
            return [.. _blocked.Values];
        }
    }

    /// <summary>Blocks a person, by phone or LID. Harmless when it is blocked.</summary>
    /// <exception cref="QueryFailedException">WhatsApp refuses, or the number has no account (404).</exception>
    public Task BlockAsync(Jid person, CancellationToken ct) => ChangeAsync(person, "block", ct);

    /// <summary>Takes a person off the list. Harmless when it is not on it.</summary>
    /// <exception cref="QueryFailedException">WhatsApp refuses, or the number has no account (404).</exception>
    public Task UnblockAsync(Jid person, CancellationToken ct) => ChangeAsync(person, "unblock", ct);

    /// <summary>A change made on another device. Inside the loop.</summary>
    internal async ValueTask ApplyAsync(Node blocklist, DateTimeOffset at, StoreBatch batch, CancellationToken ct)
    {
        var items = blocklist.ChildrenOf("item").Select(item => (Party: PartyOf(item), IsBlocked: item["action"] != "unblock")).Where(i => i.Party is not null).ToList();
        await LearnAsync(items.Select(i => i.Party!.Value), at, batch, ct);
        lock (_gate)
        {
            // Another change lies between: the whole list is asked for when it is wanted next.
            if (_blocked is null || blocklist["prev_dhash"] != _hash || blocklist["action"] != "modify")
            {
                _blocked = null;
                return;
            }

            _hash = blocklist["dhash"];
            foreach (var (party, isBlocked) in items)
            {
                if (isBlocked) _blocked[party!.Value.Address] = party.Value;
                else _blocked.Remove(party!.Value.Address);
            }
        }
    }

    internal void Forget()
    {
        lock (_gate) _blocked = null;
    }

    private async Task ChangeAsync(Jid person, string action, CancellationToken ct)
    {
        _context.Link.RequireOnline();
        var (phone, lid) = await AddressesAsync(person.ToUser(), ct);
        string? hash;
        lock (_gate) hash = _hash;
        await _context.QueryAsync(Iq.Set("blocklist",
            Node.Of("item", [("action", action), ("jid", lid ?? phone), ("pn_jid", action == "block" && lid is not null ? phone : null), ("dhash", hash)])), ct);
        // The hash of the new list is the server's to say.
        Forget();
    }

    private async Task<(Jid? Phone, Jid? Lid)> AddressesAsync(Jid person, CancellationToken ct)
    {
        if (person.IsLid) return (await LidMap.FindTwinAsync(_context.Store, person, ct), person);
        if (await LidMap.FindTwinAsync(_context.Store, person, ct) is { } known) return (person, known);
        var found = (await _numbers.FindAsync([person.User], ct))[person.User] ?? throw new QueryFailedException(404, "the number is not on WhatsApp");
        return (found.Phone, found.Lid);
    }

    private async ValueTask LearnAsync(IEnumerable<Party> parties, DateTimeOffset at, StoreBatch batch, CancellationToken ct)
    {
        foreach (var party in parties)
        {
            if (party is { Phone: { } phone, Lid: { } lid }) await _context.State.LearnPairAsync(phone, lid, PairSource.Blocklist, at, batch, ct);
        }
    }

    private static Party? PartyOf(Node item) =>
        item.JidOf("jid")?.ToUser() is { } jid ? MessageSource.PartyOf(jid, jid.IsLid ? item.JidOf("pn_jid")?.ToUser() : item.JidOf("lid")?.ToUser()) : null;
}
