using Footbridge.Engine.AppState;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;
using Notification = Footbridge.Protocol.Generated.Message.Types.HistorySyncNotification;
using PdoType = Footbridge.Protocol.Generated.Message.Types.PeerDataOperationRequestType;
using ProtocolMessage = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage;

namespace Footbridge.Engine.History;

/// <summary>The account's past: the phone announces it in parts after linking, and gives older messages of a chat on demand.</summary>
/// <remarks>An announcement is stored before its receipt leaves, and forgotten when all it names has been taken in. Source: docs/protocol/history.md.</remarks>
public sealed class HistoryFeature : IFeature, IPeerHandler
{
    private const int MaxPending = 10_000;
    /// <summary>After so many tries, each in another run or connection, a part is given up: the phone is told that it is gone.</summary>
    private const int MaxFailures = 8;
    private readonly AccountContext _context;
    private readonly PeerMessages _peers;
    private readonly MediaFeature _media;
    private readonly SemaphoreSlim _one = new(1);

    internal HistoryFeature(AccountContext context, PeerMessages peers, MediaFeature media)
    {
        (_context, _peers, _media) = (context, peers, media);
        peers.Add(this);
    }

    void IFeature.Register(StanzaRouter router)
    {
        // All it takes in comes as a message of the phone.
    }

    /// <summary>What a crash or a lost connection left undone.</summary>
    async Task IFeature.LoggedInAsync(CancellationToken ct)
    {
        foreach (var (id, _) in await _context.Store.ListAsync(StateKind.PendingHistory, "", MaxPending, ct)) Start(id);
    }

    ValueTask<bool> IPeerHandler.HandleAsync(ProtocolMessage message, MessageSource source, StoreBatch batch, CancellationToken ct)
    {
        if (message.HistorySyncNotification is not { } notification) return new(false);
        if (source.Device.Device != 0) return new(true);
        StoredHistory.Of(notification, source.Time).Save(source.Id, batch);
        Start(source.Id);
        return new(true);
    }

    /// <summary>Asks the phone for messages of a chat that are older than one; they come as <see cref="Events.HistoryReceived"/> of kind <c>ON_DEMAND</c>.</summary>
    /// <param name="count">How many; phones give 50 by custom.</param>
    /// <exception cref="NotOnlineException">There is no connection.</exception>
    /// <exception cref="SendFailedException">The phone cannot be reached, or WhatsApp refused the request.</exception>
    /// <exception cref="TimeoutException">WhatsApp did not acknowledge it in time.</exception>
    public async Task FetchOlderAsync(Jid chat, LastMessage oldest, int count, CancellationToken ct)
    {
        var address = chat.ToUser();
        if (address.IsLid && await LidMap.FindTwinAsync(_context.Store, address, ct) is { } phone) address = phone;
        var request = new Protocol.Generated.Message.Types.PeerDataOperationRequestMessage
        {
            PeerDataOperationRequestType = PdoType.HistorySyncOnDemand,
            HistorySyncOnDemandRequest = new()
            {
                ChatJid = address.ToString(),
                OldestMsgId = oldest.MessageId,
                OldestMsgFromMe = oldest.IsFromMe,
                OnDemandMsgCount = count,
                // Seconds, whatever the field's name says.
                OldestMsgTimestampMs = oldest.Time.ToUnixTimeSeconds(),
            },
        };
        await _peers.SendAsync(
            new() { Type = ProtocolMessage.Types.Type.PeerDataOperationRequestMessage, PeerDataOperationRequestMessage = request }, new("high_force", IsPrivacySensitive: true), ct);
    }

    /// <summary>WhatsApp's name of a kind of history: <c>INITIAL_BOOTSTRAP</c>.</summary>
    internal static string KindOf(Notification notification) => Kinds.GetValueOrDefault((int)notification.SyncType) ?? $"KIND_{(int)notification.SyncType}";

    private static readonly Dictionary<int, string> Kinds = Protocol.Generated.Message.Descriptor.EnumTypes.Single(e => e.Name == "HistorySyncType").Values.ToDictionary(v => v.Number, v => v.Name);

    private void Start(string id) => _context.Background.StartAfterCommit("the intake of history", _context, ct => TakeInAsync(id, ct));

    private async Task TakeInAsync(string id, CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            if (await StoredHistory.LoadAsync(_context.Store, id, ct) is { } stored) await TakeInAsync(id, stored, ct);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task TakeInAsync(string id, StoredHistory stored, CancellationToken ct)
    {
        var notification = stored.Parse();
        try
        {
            await ReadAsync(notification, open => new HistoryIntake(_context, id, stored).RunAsync(open, ct), ct);
            await ForgetAsync(id, HistoryStanzas.Done(id, _context.Link.Me.Phone), ct);
            _context.Background.Start("the removal of a part of history from the media host", stop => RemoveAsync(notification, stop));
        }
        catch (MediaFailedException e)
        {
            _context.Logger.HistoryTrouble(KindOf(notification), e.Message);
            if (e is MediaExpiredException || stored.Failures + 1 >= MaxFailures) await ForgetAsync(id, HistoryStanzas.Gone(id, _context.Link.Me.Phone, notification.MediaKey.Span), ct);
            else await SaveAsync(id, stored with { Failures = stored.Failures + 1 }, ct);
        }
        catch (ProtocolException e)
        {
            // It will be no better another time.
            _context.Logger.HistoryTrouble(KindOf(notification), e.InnerException?.Message ?? e.Message);
            await ForgetAsync(id, HistoryStanzas.Done(id, _context.Link.Me.Phone), ct);
        }
    }

    /// <summary>Lets the work read what the notification carries itself, or what lies on the media host, from a file of its own.</summary>
    private async Task ReadAsync(Notification notification, Func<Func<Stream>, Task> work, CancellationToken ct)
    {
        if (notification.HasInitialHistBootstrapInlinePayload)
        {
            var inline = notification.InitialHistBootstrapInlinePayload.ToByteArray();
            await work(() => new MemoryStream(inline, writable: false));
            return;
        }

        // Some kinds only tell how much the phone is allowed to give.
        if (MediaReference.Of(notification) is not { } reference) return;
        var path = ScratchFile.NewPath(_context.Options.Media);
        try
        {
            await using (var file = ScratchFile.Open(path)) await _media.DownloadAsync(reference, file, ct);
            await work(() => File.OpenRead(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>What has been taken in is of no use to anybody else. Under a handle it takes the secret that the history itself brought.</summary>
    private async Task RemoveAsync(Notification notification, CancellationToken ct)
    {
        if (notification.HasInitialHistBootstrapInlinePayload || MediaReference.Of(notification) is not { } reference) return;
        var handle = notification.EncHandle.Length == 0 ? null : notification.EncHandle;
        var proof = await _context.Store.GetAsync(StateKind.AccountSecret, AccountSecrets.CompanionMetaNonce, ct) is { } nonce ? System.Text.Encoding.UTF8.GetString(nonce) : null;
        if (handle is not null && proof is null) return;
        try
        {
            await _media.RemoveAsync(reference, handle, proof, ct);
        }
        catch (MediaFailedException e)
        {
            // The host forgets it by itself after some weeks.
            _context.Logger.HistoryTrouble(KindOf(notification), e.Message);
        }
    }

    private Task ForgetAsync(string id, Node receipt, CancellationToken ct) => _context.Loop.RunAsync(async stop =>
    {
        var batch = new StoreBatch();
        batch.Delete(StateKind.PendingHistory, id);
        await _context.Commits.CommitAsync(batch, () => _context.Link.Send(receipt), stop);
        return true;
    }, ct);

    private Task SaveAsync(string id, StoredHistory stored, CancellationToken ct) => _context.ChangeAsync((batch, _) =>
    {
        stored.Save(id, batch);
        return ValueTask.CompletedTask;
    }, ct);
}

/// <summary>Receipts of history. Source: docs/protocol/history.md.</summary>
internal static class HistoryStanzas
{
    public static Node Done(string id, Jid me) => Node.Of("receipt", [("id", id), ("to", me.ToUser()), ("type", "hist_sync")]);

    /// <summary>The media host no longer has it: the phone may upload it again.</summary>
    public static Node Gone(string id, Jid me, ReadOnlySpan<byte> mediaKey)
    {
        var (payload, iv) = MediaRetry.SealRequest(id, mediaKey);
        return Node.Of("receipt", [("id", id), ("to", me.ToUser()), ("type", "server-error"), ("category", "peer")],
            Node.Of("encrypt", Node.OfBytes("enc_p", payload), Node.OfBytes("enc_iv", iv)));
    }
}
