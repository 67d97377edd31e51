using System.Collections.Concurrent;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Presence;

/// <summary>Online, offline, typing and recording: the account's own, and others' as far as they let it know. Live only: nothing of it is stored.</summary>
public sealed class PresenceFeature : IFeature, IDisposable
{
    private readonly AccountContext _context;
    private readonly PresenceBook _book;
    private readonly ConcurrentDictionary<Jid, bool> _subscribed = new();
    private readonly Lock _gate = new();
    private readonly ITimer _idle;
    private bool _isOnline;

    // Somebody asked for it, so it does not end by itself.
    private bool _isHeld;

    internal PresenceFeature(AccountContext context)
    {
        _context = context;
        _book = new(context.Options.TypingLifetime, context.Time, context.PresenceChanged);
        _idle = context.Time.CreateTimer(_ => GoIdle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The account is being used: shows it as online until it has not been for <see cref="WaClientOptions.AutoOnlineFor"/>.</summary>
    public void Touch()
    {
        if (!_context.Options.AutoOnline) return;
        lock (_gate)
        {
            if (_isHeld) return;
            _idle.Change(_context.Options.AutoOnlineFor, Timeout.InfiniteTimeSpan);
            if (_isOnline) return;
            _isOnline = true;
            SendOwn();
        }
    }

    /// <summary>Shows the account as online until told otherwise, or as offline until it is used again.</summary>
    /// <exception cref="NotOnlineException">The account is not connected.</exception>
    public void SetOwn(bool isOnline)
    {
        _context.Link.RequireOnline();
        lock (_gate)
        {
            _idle.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            (_isOnline, _isHeld) = (isOnline, isOnline);
            SendOwn();
        }
    }

    /// <summary>Tells a chat that the account writes, records, or has stopped.</summary>
    /// <exception cref="ArgumentException"><paramref name="kind"/> is not of a chat.</exception>
    /// <exception cref="NotOnlineException">The account is not connected.</exception>
    public async Task TellChatAsync(Jid chat, PresenceKind kind, CancellationToken ct)
    {
        if (kind is PresenceKind.Online or PresenceKind.Offline) throw new ArgumentException("online and offline are told to everybody, not to a chat");
        _context.Link.RequireOnline();
        Touch();
        var to = await AddressAsync(chat, ct);
        var state = kind == PresenceKind.Paused ? Node.Of("paused") : Node.Of("composing", [("media", kind == PresenceKind.Recording ? "audio" : null)]);
        var me = _context.Link.Me;
        _context.Link.Send(Node.Of("chatstate", [("to", to), ("from", me.Address(to.IsLid).ToUser())], state));
    }

    /// <summary>Asks WhatsApp to tell of a person's presence, now and after each reconnect of this run.</summary>
    /// <exception cref="NotOnlineException">The account is not connected.</exception>
    public async Task SubscribeAsync(Jid person, CancellationToken ct)
    {
        _context.Link.RequireOnline();
        _subscribed[person.ToUser()] = true;
        await SendSubscriptionAsync(person.ToUser(), ct);
    }

    public bool IsSubscribed(Jid person) => _subscribed.ContainsKey(person.ToUser());

    /// <summary>What was last heard of the people of a chat.</summary>
    public async Task<IReadOnlyList<PresenceUpdate>> GetAsync(Jid chat, CancellationToken ct)
    {
        var twin = chat.IsLid ? await LidMap.FindTwinAsync(_context.Store, chat, ct) : null;
        return _book.Of(twin ?? chat.ToUser());
    }

    /// <summary>What was last heard of anybody.</summary>
    public IReadOnlyList<PresenceUpdate> GetAll() => _book.All();

    public void Dispose()
    {
        _idle.Dispose();
        _book.Dispose();
    }

    void IFeature.Register(StanzaRouter router)
    {
        var receiver = new PresenceReceiver(_context, _book);
        router.Add("presence", receiver);
        router.Add("chatstate", receiver);
    }

    async Task IFeature.LoggedInAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            if (_isOnline) SendOwn();
        }

        foreach (var person in _subscribed.Keys) await SendSubscriptionAsync(person, ct);
    }

    private void GoIdle()
    {
        lock (_gate)
        {
            if (_isHeld || !_isOnline) return;
            _isOnline = false;
            SendOwn();
        }
    }

    /// <summary>Lost without a connection; each login repeats it while it is "online".</summary>
    private void SendOwn() =>
        _context.Link.Send(Node.Of("presence", [("type", _isOnline ? "available" : "unavailable"), ("name", _context.Link.Me.PushName)]));

    private async Task SendSubscriptionAsync(Jid person, CancellationToken ct)
    {
        var to = await AddressAsync(person, ct);
        var token = to.IsUser ? await PrivacyTokens.FindAsync(_context.Store, to, _context.Time.GetUtcNow(), ct) : null;
        _context.Link.Send(Node.Of("presence", [("type", "subscribe"), ("to", to)], token is null ? null : Node.OfBytes("tctoken", token)));
    }

    private async ValueTask<Jid> AddressAsync(Jid chat, CancellationToken ct) =>
        chat.IsPhone && await LidMap.FindTwinAsync(_context.Store, chat, ct) is { } lid ? lid : chat.ToUser();
}
