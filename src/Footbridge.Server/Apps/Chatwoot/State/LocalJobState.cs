using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>The state of this process.</summary>
internal sealed class LocalJobState(MessageMap map, ChangeLog changes, Ledger ledger, Housekeeper housekeeper) : IJobState
{
    public ValueTask<MappedMessage?> ByWhatsAppAsync(string app, string waId, CancellationToken ct) => new(map.ByWhatsApp(app, waId));

    public ValueTask<IReadOnlyList<MappedMessage>> ByChatwootAsync(string app, long conversation, long cwId, CancellationToken ct) => new(map.ByChatwoot(app, conversation, cwId));

    public ValueTask<long?> LastPostedAsync(string app, long conversation, CancellationToken ct) => new(map.LastPosted(app, conversation));

    public ValueTask<IReadOnlyList<string>> IncomingAsync(string app, long conversation, (long After, long Before) ids, int limit, CancellationToken ct) =>
        new(map.Incoming(app, conversation, ids.After, ids.Before, limit));

    public Task SaveMessageAsync(string app, MappedMessage message, CancellationToken ct) => map.SaveAsync(app, message, ct);

    public Task SetAckAsync(string app, string waId, int ack, CancellationToken ct) => map.SetAckAsync(app, waId, ack, ct);

    public Task MarkSentAsync(string app, string waId, CancellationToken ct) => map.MarkSentAsync(app, waId, ct);

    public Task MarkFailedAsync(string app, string waId, long conversation, long cwId, CancellationToken ct) => map.MarkFailedAsync(app, waId, conversation, cwId, ct);

    public Task NoteChangeAsync(string app, string what, string change, CancellationToken ct) => changes.NoteAsync(app, what, change, ct);

    public ValueTask<string?> LatestChangeAsync(string app, string what, CancellationToken ct) => new(changes.Latest(app, what));

    public Task<GroupReceipts> AddReceiptAsync(string app, string waId, string person, int level, CancellationToken ct) => changes.AddReceiptAsync(app, waId, person, level, ct);

    public Task AcceptAsync(Delivery delivery, CancellationToken ct) => ledger.AcceptAsync(delivery, ct);

    public Task<int> SweepMessagesAsync(string app, CancellationToken ct) => housekeeper.SweepMessagesAsync(app, ct);
}
