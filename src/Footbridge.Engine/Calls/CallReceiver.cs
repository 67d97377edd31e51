using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Calls;

/// <summary>The signalling of calls: made durable as events, then acknowledged. Inside the loop. Source: docs/protocol/calls.md.</summary>
internal sealed class CallReceiver(AccountContext context, RecentCalls recent) : IStanzaHandler
{
    /// <summary>A phone rings less long; an offer that is older was missed.</summary>
    private static readonly TimeSpan LongestRing = TimeSpan.FromSeconds(90);

    public async ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        var batch = new StoreBatch();
        var step = stanza.Children.Count == 0 ? null : stanza.Children[0];
        if (step?["call-id"] is { Length: > 0 } callId) await TakeAsync(stanza, step, callId, batch, ct);
        await context.Commits.CommitAsync(batch, () => context.Link.Send(Acks.For(stanza).With("type", step?.Tag)), ct);
    }

    private async ValueTask TakeAsync(Node stanza, Node step, string callId, StoreBatch batch, CancellationToken ct)
    {
        var time = stanza.LongOf("t") is { } t ? DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(t, 0, uint.MaxValue)) : context.Time.GetUtcNow();
        var caller = (step.JidOf("call-creator") ?? stanza.RequiredJid("from")).ToUser();
        if (step.JidOf("caller_pn") is { } phone && caller.IsLid) await context.State.LearnPairAsync(phone, caller, PairSource.Address, time, batch, ct);
        if (context.IsMe(caller)) return;
        var call = recent.Find(callId) ?? await DescribeAsync(step, callId, caller, ct);
        switch (step.Tag)
        {
            case "offer" or "offer_notice":
                recent.Add(call);
                batch.Publish(new CallReceived($"call:{callId}:received", time, callId, call.From, call.Group, call.IsVideo, IsMissed(stanza, time)));
                break;
            case "accept" or "terminate" when step.Tag == "accept" || step["reason"] == "accepted_elsewhere":
                batch.Publish(new CallAccepted($"call:{callId}:accepted", time, callId, call.From, call.Group, call.IsVideo));
                break;
            // One member who leaves or rejects does not end a group's call.
            case "terminate" or "reject" when call.Group is null || stanza.RequiredJid("from").IsSameUser(caller):
                batch.Publish(RecentCalls.Ended(call, time, step.Tag == "reject" ? "rejected" : step["reason"]));
                break;
        }
    }

    private bool IsMissed(Node stanza, DateTimeOffset time) => stanza["offline"] is not null || context.Time.GetUtcNow() - time > LongestRing;

    private async ValueTask<RecentCall> DescribeAsync(Node step, string callId, Jid caller, CancellationToken ct)
    {
        var from = MessageSource.PartyOf(caller, await context.State.TwinAsync(caller, ct));
        var group = step.JidOf("group-jid") is { } jid ? MessageSource.PartyOf(jid.ToUser(), null) : (Party?)null;
        var isVideo = step.Child("video") is not null || step["media"] == "video";
        return new(callId, from, group, isVideo);
    }
}
