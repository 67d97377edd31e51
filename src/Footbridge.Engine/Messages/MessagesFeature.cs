using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Events;
using Footbridge.Engine.Pairing;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Messages;

/// <summary>Everything about 1:1 texts of one run, wired together.</summary>
internal sealed class MessagesFeature
{
    private const int MaxResent = 1000;
    private static readonly TimeSpan ResendWindow = TimeSpan.FromMinutes(10);
    private readonly ILink _link;
    private readonly AccountLoop _loop;
    private readonly IDeviceStore _store;
    private readonly PreKeys _preKeys;
    private readonly WaClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Commits _commits;
    private readonly AccountState _state;
    private readonly DeviceLists _devices;
    private readonly Bundles _bundles;
    private readonly MessageSender _sender;

    public MessagesFeature(ILink link, AccountLoop loop, IDeviceStore store, PreKeys preKeys, WaClientOptions options, TimeProvider time, ILogger logger)
    {
        (_link, _loop, _store, _preKeys, _options, _time, _logger) = (link, loop, store, preKeys, options, time, logger);
        _commits = new(store, link.Fail, logger);
        _state = new(store, _commits);
        _devices = new(link, options, time);
        _bundles = new(link, options, logger);
        _sender = new(link, loop, _state, _commits, store, _devices, _bundles, time, logger);
    }

    public void Register(StanzaRouter router)
    {
        var retries = new RetryRequester(_link, _state, _commits, _store, _preKeys, _logger);
        router.Add("message", new MessageReceiver(_link, _state, _commits, _preKeys, retries));
        router.Add("ack", new AckReceiver(_link, _state, _commits, _store));
        router.Add("receipt", new ReceiptReceiver(_link, _state, _commits, _time));
        var answerer = new RetryAnswerer(_link, _loop, _state, _commits, _store, _bundles, _logger);
        router.Add("receipt/retry", answerer);
        router.Add("receipt/enc_rekey_retry", answerer);
        router.Add("notification", new ContactNotifications(_link, _state, _commits, _devices, _preKeys, _logger));
    }

    public Task<SentMessage> SendTextAsync(OutgoingText text, CancellationToken ct) =>
        _sender.SendAsync(text.Id, text.To, () => TextContent.Build(text), ct);

    public async Task MarkReadAsync(Jid chat, IReadOnlyList<string> messageIds, CancellationToken ct)
    {
        if (messageIds.Count == 0) return;
        _link.RequireOnline();
        var address = chat.IsPhone && await LidMap.FindTwinAsync(_store, chat, ct) is { } lid ? lid : chat.ToUser();
        _link.Send(Receipts.Read(address, messageIds, _time.GetUtcNow()));
    }

    public async Task<Party?> FindAccountAsync(string phoneDigits, CancellationToken ct)
    {
        _link.RequireOnline();
        var answer = await _link.QueryAsync(UsyncStanzas.Contact(phoneDigits), _options.QueryTimeout, ct);
        var user = answer.Path("usync", "list")?.Child("user");
        if (user?.Child("contact")?["type"] != "in" || user.JidOf("jid") is not { } jid) return null;
        var (phone, lid) = jid.IsLid ? (user.JidOf("pn_jid"), (Jid?)jid) : ((Jid?)jid, user.Child("lid")?.JidOf("val"));
        if (phone is { } p && lid is { } l) await LearnPairAsync(p, l, ct);
        return new(jid.ToUser(), phone?.ToUser(), lid?.ToUser());
    }

    /// <summary>Sends again, in order, what has left or may have left without an ack; entries older than ten minutes are their caller's business.</summary>
    public async Task ResendUnacknowledgedAsync(CancellationToken ct)
    {
        var pending = new List<(string Id, StoredOutgoing Entry)>();
        foreach (var (id, _) in await _store.ListAsync(StateKind.Unacknowledged, "", MaxResent, ct))
        {
            if (await StoredOutgoing.LoadAsync(_store, id, ct) is { } entry) pending.Add((id, entry));
        }

        var oldest = (_time.GetUtcNow() - ResendWindow).ToUnixTimeMilliseconds();
        foreach (var (id, entry) in pending.Where(p => p.Entry.CreatedAtMs >= oldest).OrderBy(p => p.Entry.CreatedAtMs))
        {
            try
            {
                await _sender.ResendAsync(id, entry, ct);
            }
            catch (SendFailedException e)
            {
                _logger.DeviceSkipped(e.Message);
            }
        }
    }

    public Task DrainAsync() => _commits.DrainAsync();

    private Task LearnPairAsync(Jid phone, Jid lid, CancellationToken ct) => _loop.RunAsync(async stop =>
    {
        var batch = new StoreBatch();
        await _state.LearnPairAsync(phone, lid, batch, stop);
        await _commits.CommitAsync(batch, () => { }, stop);
        return true;
    }, ct);
}
