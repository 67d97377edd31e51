using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Config;

namespace Footbridge.Server.Apps.Chatwoot.Setup;

/// <summary>What became of a callback that was asked for.</summary>
/// <param name="Reason">Why it did not come, in Chatwoot's own words when it says.</param>
internal sealed record ProbeResult(bool HasArrived, TimeSpan Took, bool? IsSigned, string? SignatureFault, string? Reason);

/// <summary>Lets Chatwoot call us back, and sees whether it does.</summary>
/// <remarks>
/// An attribute of the integration conversation is set and taken away again: nobody sees that, and Chatwoot tells of it. It does not tell
/// why such a callback failed; only of messages it does. So only when it failed a private note follows, and is deleted again.
/// </remarks>
internal sealed class CallbackProbe(CallbackWatch watch, IntegrationPlace integration, IChatPlaces places, Settings settings, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <exception cref="ChatwootException">Chatwoot refuses what the question needs.</exception>
    public async Task<ProbeResult> RunAsync(ChatwootContext context, ChatwootAdmin admin, CancellationToken ct)
    {
        var (conversation, former) = await PlaceAsync(context, admin, ct);
        var began = time.GetTimestamp();
        var since = time.GetUtcNow();
        var mark = NewMark();
        var attributes = (JsonObject)former.DeepClone();
        attributes[CallbackWatch.Mark] = mark;
        var hasArrived = false;
        try
        {
            var arrival = watch.ExpectAsync(mark);
            await admin.SetAttributesAsync(conversation, attributes, ct);
            hasArrived = await ComesAsync(arrival, settings.ProbePatience, ct);
        }
        finally
        {
            watch.Unexpect(mark);
            await admin.SetAttributesAsync(conversation, (JsonObject)former.DeepClone(), CancellationToken.None);
        }

        var took = time.GetElapsedTime(began);
        var last = watch.LastOf(context.App.Id) is { } heard && heard.At >= since ? heard : null;
        return new(hasArrived, took, last?.IsSigned, last?.Fault, hasArrived ? null : await ReasonAsync(context, conversation, ct));
    }

    /// <summary>The conversation and its attributes; made again when somebody deleted it.</summary>
    private async Task<(long Conversation, JsonObject Attributes)> PlaceAsync(ChatwootContext context, ChatwootAdmin admin, CancellationToken ct)
    {
        var conversation = await integration.ConversationAsync(context, ct);
        JsonObject found;
        try
        {
            found = await admin.ConversationAsync(conversation, ct);
        }
        catch (ChatwootException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            await places.ForgetAsync(context.App.Id, ChatwootSetup.IntegrationId, ct);
            conversation = await integration.ConversationAsync(context, ct);
            found = await admin.ConversationAsync(conversation, ct);
        }

        var attributes = (JsonObject?)found["custom_attributes"]?.DeepClone() ?? [];
        attributes.Remove(CallbackWatch.Mark);
        return (conversation, attributes);
    }

    private async Task<string> ReasonAsync(ChatwootContext context, long conversation, CancellationToken ct)
    {
        var source = NewMark();
        var arrival = watch.ExpectAsync(source);
        var note = await context.Client.PostMessageAsync(
            conversation, new() { ["content"] = context.Words.Say(Wording.Key.DoctorTitle), ["message_type"] = "outgoing", ["private"] = true, ["source_id"] = source }, ct);
        try
        {
            var until = time.GetTimestamp();
            while (time.GetElapsedTime(until) < settings.ProbePatience)
            {
                var found = (await context.Client.NewestMessagesAsync(conversation, ct)).OfType<JsonObject>().FirstOrDefault(m => m["id"]?.GetValue<long>() == note);
                if (CallbackFields.Text(CallbackFields.Child(found?["content_attributes"], "external_error")) is { Length: > 0 } error) return error;
                if (await ComesAsync(arrival, Look, ct)) return "Chatwoot's callbacks of conversations come late or not at all, those of messages arrive";
            }

            return "Chatwoot has made no callback; its background jobs (Sidekiq) may be behind or stopped";
        }
        finally
        {
            watch.Unexpect(source);
            await context.Client.DeleteMessageAsync(conversation, note, CancellationToken.None);
        }
    }

    private async Task<bool> ComesAsync(Task arrival, TimeSpan patience, CancellationToken ct)
    {
        try
        {
            await arrival.WaitAsync(patience, time, ct);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static string NewMark() => "probe_" + RandomNumberGenerator.GetHexString(24, lowercase: true);
}
