using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>An edited message is shown anew as an answer to what it was, which stays; only the last edit stands beside it.</summary>
internal sealed class EditJob(ChatwootApps apps, ChangePoster changes, JobErrors errors)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => TellAsync(job, EventData.Read(job.Payload), ct));

    /// <summary>What an edit is known by.</summary>
    public static string WhatOf(string target) => $"{target}:edit";

    private async Task TellAsync(JobContext job, EventData data, CancellationToken ct)
    {
        var change = new Inbound(job, await apps.OpenAsync(data.App, job.Class, ct), data.Event);
        var target = WahaIds.RawId(change.Payload["editedMessageId"]!.ToString());
        var text = WhatsAppToMarkdown.Apply(change.Payload["body"]?.ToString() ?? "");
        await changes.ShowAsync(change, WhatOf(target), new(change.Words.Say(Key.MessageEditedInWhatsApp, new { text })) { ReplyTo = target }, ct);
    }
}
