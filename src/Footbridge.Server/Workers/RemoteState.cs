using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Server.Apps;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Workers;

/// <summary>What jobs know and keep, over HTTP.</summary>
internal sealed class RemoteState(WorkerClient api, TimeProvider time) : IAppSource, IChatPlaces, IJobState, IBookKeeper
{
    private static readonly TimeSpan AppsFresh = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, (AppRecord? App, long At)> _apps = new(StringComparer.Ordinal);

    public async ValueTask<AppRecord?> FindAsync(string id, CancellationToken ct)
    {
        if (_apps.TryGetValue(id, out var kept) && time.GetElapsedTime(kept.At) < AppsFresh) return kept.App;
        var app = await api.AskAsync("app", [id], WorkerJson.Default.AppRecord, ct);
        _apps[id] = (app, time.GetTimestamp());
        return app;
    }

    public async ValueTask<Place?> FindAsync(string app, string chat, CancellationToken ct) => await api.AskAsync("place", [app, chat], WorkerJson.Default.Place, ct);

    public async ValueTask<Place?> RecallAsync(string app, string chat, CancellationToken ct) => await api.AskAsync("place.recall", [app, chat], WorkerJson.Default.Place, ct);

    public async ValueTask<Place?> OfConversationAsync(string app, long conversation, CancellationToken ct) =>
        await api.AskAsync("place.conversation", [app, conversation], WorkerJson.Default.Place, ct);

    public Task SaveAsync(string app, string chat, Place place, CancellationToken ct) =>
        api.TellAsync("place.save", [app, chat, JsonSerializer.SerializeToNode(place, WorkerJson.Default.Place)], ct);

    public Task SetPictureAsync(string app, string chat, PictureMark picture, CancellationToken ct) =>
        api.TellAsync("place.picture", [app, chat, JsonSerializer.SerializeToNode(picture, WorkerJson.Default.PictureMark)], ct);

    public Task ForgetAsync(string app, string chat, CancellationToken ct) => api.TellAsync("place.forget", [app, chat], ct);

    public Task ForgetContactAsync(string app, long contact, long? kept, CancellationToken ct) => api.TellAsync("contact.forget", [app, contact, kept], ct);

    public async ValueTask<MappedMessage?> ByWhatsAppAsync(string app, string waId, CancellationToken ct) =>
        await api.AskAsync("message.whatsapp", [app, waId], WorkerJson.Default.MappedMessage, ct);

    public async ValueTask<IReadOnlyList<MappedMessage>> ByChatwootAsync(string app, long conversation, long cwId, CancellationToken ct) =>
        await api.AskAsync("message.chatwoot", [app, conversation, cwId], WorkerJson.Default.ListMappedMessage, ct) ?? [];

    public async ValueTask<long?> LastPostedAsync(string app, long conversation, CancellationToken ct) =>
        await api.AskAsync("message.last", [app, conversation], WorkerJson.Default.NullableInt64, ct);

    public async ValueTask<IReadOnlyList<string>> IncomingAsync(string app, long conversation, (long After, long Before) ids, int limit, CancellationToken ct) =>
        await api.AskAsync("message.incoming", [app, conversation, ids.After, ids.Before, limit], WorkerJson.Default.ListString, ct) ?? [];

    public Task SaveMessageAsync(string app, MappedMessage message, CancellationToken ct) =>
        api.TellAsync("message.save", [app, JsonSerializer.SerializeToNode(message, WorkerJson.Default.MappedMessage)], ct);

    public Task SetAckAsync(string app, string waId, int ack, CancellationToken ct) => api.TellAsync("message.ack", [app, waId, ack], ct);

    public Task MarkSentAsync(string app, string waId, CancellationToken ct) => api.TellAsync("message.sent", [app, waId], ct);

    public Task MarkFailedAsync(string app, string waId, long conversation, long cwId, CancellationToken ct) =>
        api.TellAsync("message.failed", [app, waId, conversation, cwId], ct);

    public Task<int> SweepMessagesAsync(string app, CancellationToken ct) => api.AskAsync("message.sweep", [app], WorkerJson.Default.Int32, ct);

    public Task NoteChangeAsync(string app, string what, string change, CancellationToken ct) => api.TellAsync("change.note", [app, what, change], ct);

    public async ValueTask<string?> LatestChangeAsync(string app, string what, CancellationToken ct) => await api.AskAsync("change.latest", [app, what], WorkerJson.Default.String, ct);

    public async Task<GroupReceipts> AddReceiptAsync(string app, string waId, string person, int level, CancellationToken ct) =>
        await api.AskAsync("message.receipt", [app, waId, person, level], WorkerJson.Default.GroupReceipts, ct) ?? new(0, 0, 0);

    public Task AcceptAsync(Delivery delivery, CancellationToken ct) =>
        api.TellAsync("delivery", [JsonSerializer.SerializeToNode(delivery, WorkerJson.Default.Delivery)], ct);

    public Task WriteAsync(IReadOnlyList<BookEntry> entries, CancellationToken ct) =>
        api.TellAsync("books", [JsonSerializer.SerializeToNode([.. entries], WorkerJson.Default.ListBookEntry)], ct);
}
