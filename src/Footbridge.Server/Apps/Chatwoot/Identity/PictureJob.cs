using System.Security.Cryptography;
using System.Text.Json;
using Footbridge.Jobs;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>A chat whose picture is to be looked at.</summary>
internal sealed record PictureData(string App, string Session, string Chat)
{
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, PayloadJson.Default.PictureData);

    public static PictureData Read(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, PayloadJson.Default.PictureData)!;
}

/// <summary>A contact has the picture that the person or group has on WhatsApp, unless somebody in Chatwoot gave it another.</summary>
internal sealed class PictureJob(ChatwootApps apps, IChatPlaces places, IPeopleGate people, PictureBudget budget, JobErrors errors, Decisions decisions)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, async () => decisions.Say(job, await TellAsync(job, PictureData.Read(job.Payload), ct)));

    /// <returns>What was decided.</returns>
    private async Task<string> TellAsync(JobContext job, PictureData data, CancellationToken ct)
    {
        var context = await apps.OpenAsync(data.App, job.Class, ct);
        if (await places.FindAsync(data.App, data.Chat, ct) is not { } place) return "the chat is not filed any more";
        if (!budget.Take(data.Session)) return "as many pictures as may be were asked for in this hour; it is looked at again with a message of another day";
        if (await people.FindPictureAsync(data.Session, Jid.Parse(place.Target), place.Picture?.Id, ct) is not { } picture) return "there is no picture, or none to be had";
        if (picture.Jpeg is not { } jpeg) return "the picture is the same";
        if (await context.Client.FindContactAsync(place.Contact, ct) is not { } contact) return "the contact is gone";
        var shown = contact["thumbnail"]?.ToString() ?? "";
        if (shown.Length > 0 && shown != place.Picture?.Shown) return "the contact has a picture that somebody gave it";
        var hash = System.Convert.ToHexStringLower(SHA256.HashData(jpeg));
        var isNew = shown.Length == 0 || hash != place.Picture?.Hash;
        if (isNew) shown = await context.Client.SetPictureAsync(place.Contact, jpeg, ct);
        await places.SetPictureAsync(data.App, data.Chat, new(picture.Id, hash, shown), ct);
        return isNew ? "the contact has a new picture" : "the picture is the same under another id";
    }
}
