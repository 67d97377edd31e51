using System.Collections.Concurrent;
using System.Globalization;
using Footbridge.Jobs;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>Has the picture of a chat that is written in looked at, once a day and by a job of its own: no message waits for it.</summary>
internal sealed class PictureRounds(IJobState state, Queues queues, Settings settings, TimeProvider time)
{
    private const int MaxKept = 50_000;
    private readonly ConcurrentDictionary<(string App, string Chat), int> _looked = new();

    /// <param name="place">Where the chat is filed; a contact is new when the place is.</param>
    public async Task LookAsync(string app, string session, string chat, Place place, CancellationToken ct)
    {
        if (settings.PicturesPerHour == 0 || !Jid.TryParse(chat, out var owner) || !(owner.IsUser || owner.IsGroup)) return;
        var day = (int)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalDays;
        if (_looked.TryGetValue((app, chat), out var last) && last == day) return;
        if (_looked.Count >= MaxKept) _looked.Clear();
        _looked[(app, chat)] = day;
        var id = WahaIds.Derive("job_", string.Create(CultureInfo.InvariantCulture, $"{app}|{chat}|{place.Contact}|picture|{day}"));
        var job = new JobRequest(id, Queues.ContactPicture, $"{app}/{chat}/picture", new PictureData(app, session, chat).Write(), queues.Retried);
        await state.AcceptAsync(new(job, app, DeliveryDirection.ToChatwoot) { Chat = chat }, ct);
    }
}
