using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>Beside a poll stands how many have chosen what; a further vote replaces it.</summary>
internal sealed class PollVoteJob(ChatwootApps apps, ChangePoster changes, QuietWindow quiet, JobErrors errors, Decisions decisions)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => TellAsync(job, EventData.Read(job.Payload), ct));

    private async Task TellAsync(JobContext job, EventData data, CancellationToken ct)
    {
        var context = await apps.OpenAsync(data.App, job.Class, ct);
        if (!context.Config.Changes.ShowsPolls)
        {
            decisions.Say(job, "totals of polls are not shown: footbridge.polls is off");
            return;
        }

        var poll = WahaIds.RawId(data.Event.Payload["poll"]!["id"]!.ToString());
        if (await changes.TargetAsync(data.App, poll, ct) is not { } target)
        {
            decisions.Say(job, $"the poll {poll} is not in Chatwoot");
            return;
        }

        var what = $"{poll}:totals";
        if (await quiet.HoldsAsync(job, data, what, ct)) return;
        var vote = (JsonObject)data.Event.Payload["vote"]!.DeepClone();
        var change = new Inbound(job, context, data.Event with { Payload = vote }) { Conversation = target.Conversation };
        // Who voted last has not written the totals.
        vote["fromMe"] = false;
        vote.Remove("participant");
        await changes.ShowAsync(change, what, new(TextOf(context.Words, data.Event.Payload["_data"] as JsonObject)) { IsPrivate = true, ReplyTo = poll }, ct);
    }

    private static string TextOf(Words words, JsonObject? data)
    {
        var options = (data?["totals"] as JsonObject ?? []).Select(total => new { optionName = total.Key, votes = total.Value!.GetValue<int>() }).ToList();
        return WhatsAppToMarkdown.Apply(words.Say(Key.MessagePollTotals, new { poll = new { name = data?["question"]?.ToString() ?? "", options }, voters = data?["voters"]?.GetValue<int>() ?? 0 })).TrimEnd();
    }
}
