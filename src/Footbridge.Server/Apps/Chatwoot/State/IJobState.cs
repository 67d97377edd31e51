using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>What jobs know and keep: in the database of their own process, or over HTTP when they run in a worker without one.</summary>
internal interface IJobState
{
    ValueTask<MappedMessage?> ByWhatsAppAsync(string app, string waId, CancellationToken ct);

    /// <inheritdoc cref="MessageMap.ByChatwoot"/>
    ValueTask<IReadOnlyList<MappedMessage>> ByChatwootAsync(string app, long conversation, long cwId, CancellationToken ct);

    /// <inheritdoc cref="MessageMap.LastPosted"/>
    ValueTask<long?> LastPostedAsync(string app, long conversation, CancellationToken ct);

    /// <inheritdoc cref="MessageMap.Incoming"/>
    ValueTask<IReadOnlyList<string>> IncomingAsync(string app, long conversation, (long After, long Before) ids, int limit, CancellationToken ct);

    Task SaveMessageAsync(string app, MappedMessage message, CancellationToken ct);

    Task SetAckAsync(string app, string waId, int ack, CancellationToken ct);

    /// <inheritdoc cref="MessageMap.MarkSentAsync"/>
    Task MarkSentAsync(string app, string waId, CancellationToken ct);

    /// <inheritdoc cref="MessageMap.MarkFailedAsync"/>
    Task MarkFailedAsync(string app, string waId, long conversation, long cwId, CancellationToken ct);

    /// <inheritdoc cref="ChangeLog.NoteAsync"/>
    Task NoteChangeAsync(string app, string what, string change, CancellationToken ct);

    /// <summary>The last change that was noted of something; null when none was.</summary>
    ValueTask<string?> LatestChangeAsync(string app, string what, CancellationToken ct);

    /// <inheritdoc cref="ChangeLog.AddReceiptAsync"/>
    Task<GroupReceipts> AddReceiptAsync(string app, string waId, string person, int level, CancellationToken ct);

    /// <inheritdoc cref="Ledger.AcceptAsync"/>
    Task AcceptAsync(Delivery delivery, CancellationToken ct);

    /// <inheritdoc cref="Housekeeper.SweepMessagesAsync"/>
    Task<int> SweepMessagesAsync(string app, CancellationToken ct);
}
