using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Events;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages;

/// <summary>Sending and taking in messages and their receipts, in one run.</summary>
internal sealed class MessagesFeature : IFeature
{
    private const int MaxResent = 1000;
    private static readonly TimeSpan ResendWindow = TimeSpan.FromMinutes(10);
    private readonly AccountContext _context;

    public MessagesFeature(AccountContext context)
    {
        _context = context;
        Sender = new(context);
        Sender.Add(new DirectRoute(context));
        Peers = new(context);
    }

    /// <summary>Other features add their routes here.</summary>
    public MessageSender Sender { get; }

    /// <summary>Other features send to the account's own phone through it, and add what they take from there.</summary>
    public PeerMessages Peers { get; }

    public void Register(StanzaRouter router)
    {
        var (link, state, commits, store) = (_context.Link, _context.State, _context.Commits, _context.Store);
        var retries = new RetryRequester(link, state, commits, store, _context.PreKeys, _context.Logger);
        router.Add("message", new MessageReceiver(link, state, commits, _context.PreKeys, _context.SenderKeys, retries, Peers));
        router.Add("ack", new AckReceiver(link, state, commits, store));
        router.Add("receipt", new ReceiptReceiver(link, state, commits, _context.Time));
        var answerer = new RetryAnswerer(_context);
        router.Add("receipt/retry", answerer);
        router.Add("receipt/enc_rekey_retry", answerer);
        router.Add("notification", new ContactNotifications(link, state, commits, _context.Devices, _context.PreKeys, _context.SenderKeys, _context.Logger));
    }

    public Task LoggedInAsync(CancellationToken ct) => ResendUnacknowledgedAsync(ct);

    /// <param name="sender">Whose messages they are, in groups and status.</param>
    public async Task MarkReadAsync(Jid chat, Jid? sender, IReadOnlyList<string> messageIds, CancellationToken ct)
    {
        if (messageIds.Count == 0) return;
        _context.Link.RequireOnline();
        var address = chat.IsPhone && await LidMap.FindTwinAsync(_context.Store, chat, ct) is { } lid ? lid : chat.ToUser();
        _context.Link.Send(Receipts.Read(address, messageIds, _context.Time.GetUtcNow(), sender?.ToUser()));
    }

    public async Task<Party?> FindAccountAsync(string phoneDigits, CancellationToken ct)
    {
        _context.Link.RequireOnline();
        var answer = await _context.Link.QueryAsync(UsyncStanzas.Contact(phoneDigits), _context.Options.QueryTimeout, ct);
        var user = answer.Path("usync", "list")?.Child("user");
        if (user?.Child("contact")?["type"] != "in" || user.JidOf("jid") is not { } jid) return null;
        var (phone, lid) = jid.IsLid ? (user.JidOf("pn_jid"), (Jid?)jid) : ((Jid?)jid, user.Child("lid")?.JidOf("val"));
        if (phone is { } p && lid is { } l) await LearnPairAsync(p, l, ct);
        return new(jid.ToUser(), phone?.ToUser(), lid?.ToUser());
    }

    /// <summary>Sends again, in order, what has left or may have left without an ack; entries older than ten minutes are their caller's business.</summary>
    private async Task ResendUnacknowledgedAsync(CancellationToken ct)
    {
        var pending = new List<(string Id, StoredOutgoing Entry)>();
        foreach (var (id, _) in await _context.Store.ListAsync(StateKind.Unacknowledged, "", MaxResent, ct))
        {
            if (await StoredOutgoing.LoadAsync(_context.Store, id, ct) is { } entry) pending.Add((id, entry));
        }

        var oldest = (_context.Time.GetUtcNow() - ResendWindow).ToUnixTimeMilliseconds();
        foreach (var (id, entry) in pending.Where(p => p.Entry.CreatedAtMs >= oldest).OrderBy(p => p.Entry.CreatedAtMs))
        {
            try
            {
                await Sender.ResendAsync(id, entry, ct);
            }
            catch (SendFailedException e)
            {
                _context.Logger.DeviceSkipped(e.Message);
            }
        }
    }

    private Task LearnPairAsync(Jid phone, Jid lid, CancellationToken ct) =>
        _context.ChangeAsync((batch, stop) => _context.State.LearnPairAsync(phone, lid, batch, stop), ct);
}
