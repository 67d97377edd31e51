using System.Text.Json.Nodes;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Channels;

/// <summary>Channels that the account followed, muted or saw renamed on another device. Inside the loop. Source: docs/protocol/channels.md.</summary>
/// <remarks>Other notifications of this kind are acknowledged. Leaving a channel deletes nothing here: what was read stays to be read.</remarks>
internal sealed class ChannelNotifications(AccountContext context) : IStanzaHandler
{
    private const string Prefix = "xwa2_notify_newsletter_on_";

    public async ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        var batch = new StoreBatch();
        var (id, time) = (stanza.Required("id"), ChannelParser.TimeOf(stanza));
        foreach (var update in stanza.ChildrenOf("update"))
        {
            if (update.ContentBytes is not { } bytes || Mex.Parse(bytes)["data"] is not JsonObject data) continue;
            foreach (var (name, value) in data)
            {
                if (!name.StartsWith(Prefix, StringComparison.Ordinal) || value is not JsonObject told || ChangeIn(name[Prefix.Length..], told) is not var (channel, change)) continue;
                batch.Publish(new ChatUpdated($"channel:{channel.User}:{id}:{name[Prefix.Length..]}", time, MessageSource.PartyOf(channel, null), change));
            }
        }

        await context.Commits.CommitAsync(batch, () => context.Link.Send(Acks.For(stanza)), ct);
    }

    private static (Jid Channel, ChatChange Change)? ChangeIn(string what, JsonObject told) => what switch
    {
        "join" or "metadata_update" or "admin_metadata_update" when ChannelParser.Channel(told) is { Name.Length: > 0 } info => (info.Id, new ChatChange.Named(info.Name)),
        "mute_change" when Jid.TryParse(ChannelParser.Text(told["id"]), out var channel) => ChannelParser.Text(told["mute"]) switch
        {
            "ON" => (channel, new ChatChange.Muted(DateTimeOffset.MaxValue)),
            "OFF" => (channel, new ChatChange.Muted(null)),
            _ => null,
        },
        _ => null,
    };
}
