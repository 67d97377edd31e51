using Footbridge.Engine.Connection;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Contacts;

/// <summary>People: who has which number, what they show of themselves, and what the account shows of itself.</summary>
public sealed class ContactsFeature : IFeature
{
    private const int MaxPerQuery = 100;
    private readonly AccountContext _context;

    internal ContactsFeature(AccountContext context)
    {
        _context = context;
        Numbers = new(context);
        Pictures = new(context);
        Blocklist = new(context, Numbers);
        Profile = new(context);
    }

    public NumberLookups Numbers { get; }

    public ProfilePictures Pictures { get; }

    public Blocklist Blocklist { get; }

    public PrivacySettings Privacy => _context.Privacy;

    public OwnProfile Profile { get; }

    /// <summary>What WhatsApp shows of people; who is not on WhatsApp is left out.</summary>
    /// <exception cref="QueryFailedException">WhatsApp refuses.</exception>
    /// <exception cref="NotOnlineException">The account is not online.</exception>
    public async Task<IReadOnlyList<PersonDetails>> GetDetailsAsync(IReadOnlyCollection<Jid> people, CancellationToken ct)
    {
        _context.Link.RequireOnline();
        var details = new List<PersonDetails>();
        foreach (var chunk in people.Select(p => p.ToUser()).Distinct().Chunk(MaxPerQuery))
        {
            var users = new List<(Jid, byte[]?)>();
            foreach (var person in chunk) users.Add((person, await TokenAsync(person, ct)));
            var answer = await _context.QueryAsync(UsyncStanzas.Details(users), ct);
            var nodes = (answer.Path("usync", "list")?.ChildrenOf("user") ?? []).Where(user => user.JidOf("jid") is not null).ToList();
            await LearnAsync(nodes, ct);
            foreach (var node in nodes) details.Add(PersonDetails.Of(node, await PartyAsync(node, ct)));
        }

        return details;
    }

    /// <summary>A business's profile; null for a person without one.</summary>
    /// <exception cref="QueryFailedException">WhatsApp refuses.</exception>
    public async Task<BusinessProfile?> FindBusinessProfileAsync(Jid person, CancellationToken ct)
    {
        var query = Iq.Get("w:biz",
            Node.Of("business_profile", [("v", 244)], Node.Of("profile", [("jid", person.ToUser())])));
        try
        {
            return BusinessProfile.Of(await _context.QueryAsync(query, ct));
        }
        catch (QueryFailedException e) when (e.Code == 404)
        {
            return null;
        }
    }

    /// <summary>The account's pairs of LID and phone, by LID.</summary>
    public async Task<IReadOnlyList<(Jid Lid, Jid Phone)>> ListPairsAsync(CancellationToken ct) =>
        [.. (await _context.Store.ListAsync(StateKind.PhoneOfLid, "", int.MaxValue, ct))
            .Select(pair => (new Jid(pair.Key, JidServer.Lid), new Jid(System.Text.Encoding.UTF8.GetString(pair.Value), JidServer.User)))];

    void IFeature.Register(StanzaRouter router)
    {
        router.Add("notification", new ContactNotifications(_context, this));
        _context.Dirty.On("account_sync", ForgetAsync);
    }

    // What changed while the account was away has not all been told.
    Task IFeature.LoggedInAsync(CancellationToken ct) => ForgetAsync(ct);

    private Task ForgetAsync(CancellationToken ct)
    {
        Blocklist.Forget();
        Privacy.Forget();
        return Task.CompletedTask;
    }

    private async Task<byte[]?> TokenAsync(Jid person, CancellationToken ct)
    {
        var owner = person.IsPhone ? await LidMap.FindTwinAsync(_context.Store, person, ct) ?? person : person;
        return await PrivacyTokens.FindAsync(_context.Store, owner, _context.Time.GetUtcNow(), ct);
    }

    private Task LearnAsync(IEnumerable<Node> users, CancellationToken ct) => _context.StoreAsync(async (batch, stop) =>
    {
        foreach (var user in users)
        {
            var jid = user.RequiredJid("jid").ToUser();
            var (phone, lid) = jid.IsLid ? (user.JidOf("pn_jid"), (Jid?)jid) : ((Jid?)jid, user.Child("lid")?.JidOf("val"));
            if (phone is { } p && lid is { } l) await _context.State.LearnPairAsync(p, l, PairSource.Usync, _context.Time.GetUtcNow(), batch, stop);
        }
    }, ct);

    private async Task<Party> PartyAsync(Node user, CancellationToken ct)
    {
        var jid = user.RequiredJid("jid").ToUser();
        return MessageSource.PartyOf(jid, await LidMap.FindTwinAsync(_context.Store, jid, ct) ?? user.Child("lid")?.JidOf("val")?.ToUser());
    }
}
