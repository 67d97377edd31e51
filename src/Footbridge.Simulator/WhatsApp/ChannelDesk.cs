using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.Media;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp;

/// <summary>The server refuses something about a channel.</summary>
internal sealed class ChannelRefusal(int code, string text) : Exception(text)
{
    public int Code { get; } = code;
}

/// <summary>Makes and changes channels on somebody's behalf, with the server's checks of rights, and carries what is published to all followers' devices.</summary>
internal sealed class ChannelDesk(MediaHost media, TimeProvider time)
{
    private const long FirstId = 120_363_400_000_000_000;
    private readonly ConcurrentDictionary<Jid, SimChannel> _channels = new();
    private readonly ConcurrentDictionary<SimAccount, bool> _hasAccepted = new();
    private readonly ConcurrentDictionary<(SimChannel Channel, SimDevice Device), bool> _watching = new();
    private long _lastId = FirstId;

    public IEnumerable<SimChannel> All => _channels.Values.OrderBy(channel => channel.Jid.User, StringComparer.Ordinal);

    public SimChannel Get(Jid channel) => _channels.GetValueOrDefault(channel.ToUser()) ?? throw new ChannelRefusal(404, "newsletter not found");

    public SimChannel GetByCode(string code) => All.FirstOrDefault(channel => channel.InviteCode == code) ?? throw new ChannelRefusal(404, "newsletter not found");

    /// <summary>Accepts the terms, without which nobody makes a channel.</summary>
    public void AcceptTerms(SimAccount account) => _hasAccepted[account] = true;

    public SimChannel Create(SimAccount actor, string name, string? description, byte[]? picture)
    {
        if (!_hasAccepted.ContainsKey(actor)) throw new ChannelRefusal(403, "the terms are not accepted");
        if (name.Length is 0 or > 100) throw new ChannelRefusal(400, "bad name");
        var channel = new SimChannel(Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture), name, actor, Now) { Description = description ?? "" };
        if (picture is not null) channel.Picture = media.Store(picture);
        return _channels[channel.Jid] = channel;
    }

    public void Update(SimDevice actor, SimChannel channel, JsonObject updates)
    {
        RequireOwner(actor.Account, channel);
        if (updates["name"] is { } name) channel.Name = name.ToString();
        if (updates["description"] is { } description) channel.Description = description.ToString();
        if (updates["picture"] is { } picture) channel.Picture = picture.ToString() is { Length: > 0 } jpeg ? media.Store(Convert.FromBase64String(jpeg)) : null;
        foreach (var device in channel.Followers.SelectMany(f => f.Devices).Where(d => d != actor)) Tell(device, "metadata_update", channel.Describe(device.Account));
    }

    public void Delete(SimAccount actor, SimChannel channel)
    {
        RequireOwner(actor, channel);
        _channels.TryRemove(channel.Jid, out _);
    }

    public void SetFollowed(SimDevice actor, SimChannel channel, bool isFollowed)
    {
        if (actor.Account == channel.Owner) throw new ChannelRefusal(405, "the owner stays");
        if (!channel.SetFollowed(actor.Account, isFollowed)) return;
        foreach (var device in Others(actor)) Tell(device, isFollowed ? "join" : "leave", channel.Describe(actor.Account));
    }

    public void SetMuted(SimDevice actor, SimChannel channel, bool isMuted)
    {
        channel.SetMuted(actor.Account, isMuted);
        foreach (var device in Others(actor)) Tell(device, "mute_change", new() { ["id"] = channel.Jid.ToString(), ["mute"] = isMuted ? "ON" : "OFF" });
    }

    /// <summary>A message of a device: its ack, after all followers have it or have it waiting.</summary>
    public Node Submit(SimDevice sender, Node message)
    {
        try
        {
            var channel = Get(message.RequiredJid("to"));
            return Ack(message, Take(sender, channel, message), null);
        }
        catch (ChannelRefusal e)
        {
            return Ack(message, null, e.Code);
        }
    }

    public void SubmitReceipt(SimDevice sender, Node receipt)
    {
        if (receipt["type"] != "view" || !_channels.TryGetValue(receipt.RequiredJid("to"), out var channel)) return;
        foreach (var item in receipt.Child("list")?.ChildrenOf("item") ?? [])
        {
            channel.View(sender.Account, item.LongOf("server_id") ?? 0);
            if (channel.Find(item.LongOf("server_id") ?? 0) is { } seen) TellCounts(channel, seen);
        }
    }

    /// <summary>A device wants to be told of views and reactions as they come.</summary>
    public void Watch(SimDevice device, SimChannel channel) => _watching[(channel, device)] = true;

    public void React(SimAccount who, SimChannel channel, SimPost post, string? emoji)
    {
        channel.React(who, post.ServerId, emoji);
        TellCounts(channel, post);
    }

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private SimPost Take(SimDevice sender, SimChannel channel, Node message)
    {
        if (message["type"] == "reaction" && message.LongOf("server_id") is { } serverId)
        {
            var target = channel.Find(serverId) ?? throw new ChannelRefusal(404, "no such message");
            React(sender.Account, channel, target, message.Child("reaction")?["code"]);
            return target;
        }

        RequireOwner(sender.Account, channel);
        var content = message.Child("plaintext")?.ContentBytes ?? [];
        if (message["edit"] is { } edit)
        {
            var changed = channel.Find(message["id"] ?? "") ?? throw new ChannelRefusal(404, "no such message");
            changed = channel.Change(changed, edit == "8" ? [] : content, time.GetUtcNow().ToUnixTimeMilliseconds());
            Publish(sender, channel, changed, edit);
            return changed;
        }

        if (channel.Find(message["id"] ?? "") is { } known) return known;
        if (content.Length == 0) throw new ChannelRefusal(400, "no content");
        var post = channel.Add(message, content, sender.Account, Now);
        Publish(sender, channel, post, null);
        return post;
    }

    private void Publish(SimDevice sender, SimChannel channel, SimPost post, string? edit)
    {
        foreach (var device in channel.Followers.SelectMany(follower => follower.Devices).Where(device => device != sender))
        {
            device.Push(Node.Of("message",
                [
                    ("from", channel.Jid), ("id", post.Id), ("t", Now), ("type", post.Type), ("server_id", post.ServerId), ("edit", edit),
                    ("is_sender", device.Account == post.Author ? "true" : null), ("media_id", post.MediaId),
                ],
                [
                    Node.OfBytes("plaintext", [("mediatype", post.MediaType)], post.Content),
                    post.EditedAtMs is { } at ? Node.Of("meta", [("msg_edit_t", at), ("original_msg_t", post.At)]) : null,
                ]));
        }
    }

    private void TellCounts(SimChannel channel, SimPost post)
    {
        foreach (var (_, device) in _watching.Keys.Where(watch => watch.Channel == channel))
        {
            device.Push(Node.Of("notification", [("id", Guid.NewGuid().ToString("N")), ("from", channel.Jid), ("type", "newsletter"), ("t", Now)], Node.Of("live_updates", channel.DescribeCounts(post))));
        }
    }

    private void Tell(SimDevice device, string what, JsonObject told)
    {
        var data = new JsonObject { ["data"] = new JsonObject { ["xwa2_notify_newsletter_on_" + what] = told } };
        device.Push(Node.Of("notification", [("id", Guid.NewGuid().ToString("N")), ("from", Jid.Service), ("type", "mex"), ("t", Now)],
            Node.OfBytes("update", [("op_name", what switch { "join" => "NotificationNewsletterJoin", "leave" => "NotificationNewsletterLeave", "mute_change" => "NotificationNewsletterMuteChange", _ => "NotificationNewsletterUpdate" })],
                Encoding.UTF8.GetBytes(data.ToJsonString()))));
    }

    private static void RequireOwner(SimAccount actor, SimChannel channel)
    {
        if (actor != channel.Owner) throw new ChannelRefusal(403, "forbidden");
    }

    private static IEnumerable<SimDevice> Others(SimDevice actor) => actor.Account.Devices.Where(device => device != actor);

    private Node Ack(Node message, SimPost? post, int? error) => Node.Of("ack",
        [("class", "message"), ("id", message["id"]), ("from", message.JidOf("to")), ("t", Now), ("server_id", post?.ServerId), ("error", error)]);
}
