using Footbridge.Engine.Connection;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.AppState;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.AppState;

/// <summary>What all devices of the account share: the state of chats, starred and hidden messages, contacts, labels.</summary>
/// <remarks>
/// A change returns when WhatsApp's server has it and it has come back as an event. Every method may throw
/// <see cref="AppStateUnavailableException"/>, <see cref="QueryFailedException"/>, <see cref="TimeoutException"/> and
/// <see cref="NotOnlineException"/>. Source: docs/protocol/app-state.md.
/// </remarks>
public sealed class AppStateFeature : IFeature, IStanzaHandler
{
    private readonly AccountContext _context;
    private readonly CollectionStore _store;
    private readonly KeyRequests _keys;
    private readonly CollectionRecovery _recovery;
    private readonly AppStateSync _sync;
    private readonly AppStateWriter _writer;
    private readonly ChatActions _actions;

    internal AppStateFeature(AccountContext context, PeerMessages peers, MediaFeature media)
    {
        (_context, _store) = (context, new(context.Store));
        var applier = new CollectionApplier(context, _store, new(media));
        _keys = new(context, peers) { Arrived = TakeKeys };
        _recovery = new(context, _store, applier, peers) { Arrived = Install };
        _sync = new(context, _store, applier, _keys, _recovery);
        _writer = new(context, _store, _sync, _keys);
        _actions = new(context);
        peers.Add(_keys);
        peers.Add(_recovery);
    }

    void IFeature.Register(StanzaRouter router)
    {
        router.Add("notification/server_sync", this);
        _context.Dirty.On("syncd_app_state", stop => _sync.SyncAsync(SyncCollections.All, stop));
    }

    Task IFeature.LoggedInAsync(CancellationToken ct)
    {
        // In the background: a first sync takes its time, and nothing else of the login waits for it.
        _context.Background.Start("the sync of the app state", SyncAtLoginAsync);
        return Task.CompletedTask;
    }

    /// <summary>The server has something newer of some collections.</summary>
    async ValueTask IStanzaHandler.HandleAsync(Node stanza, CancellationToken ct)
    {
        var newer = new List<string>();
        foreach (var collection in stanza.ChildrenOf("collection"))
        {
            if (collection["name"] is { } name && SyncCollections.All.Contains(name) && await IsNewerAsync(name, collection.LongOf("version"), ct)) newer.Add(name);
        }

        // What was announced is not lost with the process: every login asks for all collections.
        await _context.Commits.CommitAsync(new(), () => _context.Link.Send(Acks.For(stanza)), ct);
        if (newer.Count > 0) _context.Background.Start("the sync of the app state", stop => _sync.SyncAsync(newer, stop));
    }

    /// <summary>Puts a chat into the archive or takes it out; an archived chat is no longer pinned.</summary>
    public async Task ArchiveAsync(Jid chat, bool isArchived, CancellationToken ct) => await _writer.WriteAsync(await _actions.ArchiveAsync(chat, isArchived, ct), ct);

    public async Task PinAsync(Jid chat, bool isPinned, CancellationToken ct) =>
        await WriteAsync(SyncActions.Pin, [await _actions.AddressAsync(chat, ct)], new() { PinAction = new() { Pinned = isPinned } }, ct);

    /// <param name="until">Null unmutes; <see cref="DateTimeOffset.MaxValue"/> mutes for ever.</param>
    public async Task MuteAsync(Jid chat, DateTimeOffset? until, CancellationToken ct) =>
        await WriteAsync(SyncActions.Mute, [await _actions.AddressAsync(chat, ct)], ChatActions.Mute(until), ct);

    /// <summary>Marks a chat as read, or as to be read again, on the account's devices; nobody else is told.</summary>
    public async Task MarkReadAsync(Jid chat, bool isRead, CancellationToken ct) => await _writer.WriteAsync(await _actions.MarkReadAsync(chat, isRead, ct), ct);

    /// <param name="sender">Who wrote it, in groups and when it was somebody else; else null.</param>
    public async Task StarAsync(Jid chat, string messageId, bool isFromMe, Jid? sender, bool isStarred, CancellationToken ct) =>
        await WriteAsync(SyncActions.Star, await _actions.MessageAsync(chat, messageId, isFromMe, sender, ct), new() { StarAction = new() { Starred = isStarred } }, ct);

    /// <summary>Deletes a message on the account's own devices only.</summary>
    /// <inheritdoc cref="StarAsync"/>
    public async Task DeleteForMeAsync(Jid chat, string messageId, bool isFromMe, Jid? sender, DateTimeOffset messageTime, bool deletesMedia, CancellationToken ct) =>
        await WriteAsync(
            SyncActions.DeleteMessageForMe, await _actions.MessageAsync(chat, messageId, isFromMe, sender, ct),
            new() { DeleteMessageForMeAction = new() { DeleteMedia = deletesMedia, MessageTimestamp = messageTime.ToUnixTimeSeconds() } }, ct);

    /// <summary>Deletes all messages of a chat on the account's devices; the chat stays.</summary>
    public async Task ClearChatAsync(Jid chat, bool keepsStarred, CancellationToken ct) => await _writer.WriteAsync(await _actions.ClearAsync(chat, keepsStarred, ct), ct);

    /// <summary>Deletes a chat with its messages on the account's devices.</summary>
    public async Task DeleteChatAsync(Jid chat, CancellationToken ct) => await _writer.WriteAsync(await _actions.DeleteAsync(chat, ct), ct);

    /// <summary>Saves a person's name in the account's address book.</summary>
    /// <param name="isOnPhone">Also into the phone's own address book.</param>
    public async Task SaveContactAsync(Jid person, string fullName, string? firstName, bool isOnPhone, CancellationToken ct) =>
        await _writer.WriteAsync(await _actions.SaveContactAsync(person, fullName, firstName, isOnPhone, ct), ct);

    /// <summary>The name under which others see the account.</summary>
    public Task RenameAsync(string pushName, CancellationToken ct) => WriteAsync(SyncActions.PushName, [], new() { PushNameSetting = new() { Name = pushName } }, ct);

    /// <summary>Makes or changes a label of a business account.</summary>
    /// <param name="labelId">A whole number, as text.</param>
    /// <param name="color">Index into WhatsApp's palette of 20.</param>
    public Task SaveLabelAsync(string labelId, string name, int color, CancellationToken ct) => WriteAsync(SyncActions.LabelEdit, [labelId], ChatActions.Label(name, color, false), ct);

    /// <inheritdoc cref="SaveLabelAsync"/>
    public Task DeleteLabelAsync(string labelId, string name, int color, CancellationToken ct) => WriteAsync(SyncActions.LabelEdit, [labelId], ChatActions.Label(name, color, true), ct);

    /// <summary>Puts labels on a chat and takes others off, at once.</summary>
    public async Task LabelChatAsync(Jid chat, IReadOnlyCollection<string> added, IReadOnlyCollection<string> removed, CancellationToken ct)
    {
        var address = await _actions.AddressAsync(chat, ct);
        var writes = added.Select(id => (id, true)).Concat(removed.Select(id => (id, false)))
            .Select(l => new SyncWrite(SyncActions.LabelJid, [l.id, address], new() { LabelAssociationAction = new() { Labeled = l.Item2 } })).ToList();
        if (writes.Count > 0) await _writer.WriteAsync(writes, ct);
    }

    private Task WriteAsync(SyncActionKind kind, string[] parts, SyncActionValue value, CancellationToken ct) => _writer.WriteAsync([new(kind, parts, value)], ct);

    private async ValueTask<bool> IsNewerAsync(string collection, long? version, CancellationToken ct) =>
        version is not { } announced || await _store.FindAsync(collection, ct) is not { IsBroken: false } stored || (ulong)announced > stored.Version;

    private async Task SyncAtLoginAsync(CancellationToken ct)
    {
        // The arrival of the first keys starts a sync of its own.
        if ((await Keyring.LoadAsync(_context.Store, ct)).IsEmpty && await _keys.FirstCameAsync(ct)) return;
        await _sync.SyncAsync(SyncCollections.All, ct);
    }

    private void TakeKeys() => _context.Background.StartAfterCommit("the sync of the app state", _context, stop => _sync.SyncAsync(SyncCollections.All, stop));

    private void Install(SyncdSnapshotRecovery copy) =>
        _context.Background.Start("the recovery of the app state", stop => _sync.AloneAsync(() => _recovery.InstallAsync(copy, stop), stop));
}
