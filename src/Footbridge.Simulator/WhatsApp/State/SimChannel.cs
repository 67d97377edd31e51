using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;

namespace Footbridge.Simulator.WhatsApp.State;

/// <summary>A message of a channel, as it is now.</summary>
/// <param name="Content">A message's bytes in clear; empty when it was taken back.</param>
internal sealed record SimPost(long ServerId, string Id, string Type, string? MediaType, string? MediaId, byte[] Content, SimAccount Author, long At, long? EditedAtMs);

/// <summary>A channel: who follows it, and what was published in it.</summary>
internal sealed class SimChannel(string id, string name, SimAccount owner, long createdAt)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SimAccount, bool> _followers = new() { [owner] = false };
    private readonly List<SimPost> _posts = [];
    private readonly Dictionary<(long ServerId, SimAccount Who), string> _reactions = [];
    private readonly HashSet<(long ServerId, SimAccount Who)> _views = [];

    public Jid Jid { get; } = new(id, JidServer.Newsletter);

    public SimAccount Owner { get; } = owner;

    public string Name { get; set; } = name;

    public string Description { get; set; } = "";

    /// <summary>Path on the media host, or null.</summary>
    public string? Picture { get; set; }

    public string InviteCode { get; } = "0029Va" + RandomNumberGenerator.GetHexString(16);

    public IReadOnlyList<SimAccount> Followers
    {
        get
        {
            lock (_gate) return [.. _followers.Keys];
        }
    }

    public bool IsFollowedBy(SimAccount account)
    {
        lock (_gate) return _followers.ContainsKey(account);
    }

    public bool IsMutedBy(SimAccount account)
    {
        lock (_gate) return _followers.GetValueOrDefault(account);
    }

    /// <summary>False when nothing changed.</summary>
    public bool SetFollowed(SimAccount account, bool isFollowed)
    {
        lock (_gate) return isFollowed ? _followers.TryAdd(account, false) : _followers.Remove(account);
    }

    public void SetMuted(SimAccount account, bool isMuted)
    {
        lock (_gate)
        {
            if (_followers.ContainsKey(account)) _followers[account] = isMuted;
        }
    }

    public SimPost Add(Node message, byte[] content, SimAccount author, long at)
    {
        lock (_gate)
        {
            var post = new SimPost(_posts.Count + 1, message["id"]!, message["type"] ?? "text", message.Child("plaintext")?["mediatype"], message["media_id"], content, author, at, null);
            _posts.Add(post);
            return post;
        }
    }

    public SimPost? Find(string id)
    {
        lock (_gate) return _posts.Find(post => post.Id == id);
    }

    public SimPost? Find(long serverId)
    {
        lock (_gate) return serverId >= 1 && serverId <= _posts.Count ? _posts[(int)serverId - 1] : null;
    }

    /// <summary>Two changes never have the same time: by it a client tells them apart.</summary>
    public SimPost Change(SimPost post, byte[] content, long atMs)
    {
        lock (_gate)
        {
            var earlier = _posts[(int)post.ServerId - 1].EditedAtMs ?? 0;
            return _posts[(int)post.ServerId - 1] = post with { Content = content, EditedAtMs = Math.Max(atMs, earlier + 1) };
        }
    }

    /// <param name="emoji">Null takes the reaction back.</param>
    public void React(SimAccount who, long serverId, string? emoji)
    {
        lock (_gate)
        {
            if (emoji is null) _reactions.Remove((serverId, who));
            else _reactions[(serverId, who)] = emoji;
        }
    }

    public void View(SimAccount who, long serverId)
    {
        lock (_gate) _views.Add((serverId, who));
    }

    /// <summary>How many reacted with an emoji.</summary>
    public int CountReactions(long serverId, string emoji)
    {
        lock (_gate) return _reactions.Count(r => r.Key.ServerId == serverId && r.Value == emoji);
    }

    public int CountViews(long serverId)
    {
        lock (_gate) return _views.Count(view => view.ServerId == serverId);
    }

    /// <summary>Messages as queries show them, oldest first.</summary>
    public Node[] Describe(SimAccount viewer, int count, long? before)
    {
        lock (_gate)
        {
            return [.. _posts.Where(post => before is null || post.ServerId < before).TakeLast(count).Select(post => Node.Of("message",
                [("id", post.Id), ("server_id", post.ServerId), ("t", post.At), ("type", post.Type), ("is_sender", post.Author == viewer ? "true" : null)],
                [Node.OfBytes("plaintext", [("mediatype", post.MediaType)], post.Content), .. Counts(post)]))];
        }
    }

    /// <summary>A message's counts alone, as they are told live.</summary>
    public Node DescribeCounts(SimPost post)
    {
        lock (_gate) return Node.Of("message", [("id", post.Id), ("server_id", post.ServerId), ("t", post.At), ("type", post.Type)], [.. Counts(post)]);
    }

    private Node[] Counts(SimPost post) =>
    [
        Node.Of("views_count", [("count", CountViews(post.ServerId))]),
        Node.Of("reactions", [.. _reactions.Where(r => r.Key.ServerId == post.ServerId).GroupBy(r => r.Value).Select(r => Node.Of("reaction", [("code", r.Key), ("count", r.Count())]))]),
    ];

    /// <summary>The channel as its queries show it.</summary>
    public JsonObject Describe(SimAccount viewer)
    {
        var at = createdAt.ToString(CultureInfo.InvariantCulture);
        JsonObject Words(string text) => new() { ["id"] = at, ["text"] = text, ["update_time"] = at };
        JsonObject Image(string type) => new() { ["id"] = at, ["type"] = type, ["direct_path"] = Picture ?? "" };
        var role = viewer == Owner ? "OWNER" : IsFollowedBy(viewer) ? "SUBSCRIBER" : "GUEST";
        return new()
        {
            ["id"] = Jid.ToString(),
            ["state"] = new JsonObject { ["type"] = "ACTIVE" },
            ["thread_metadata"] = new JsonObject
            {
                ["creation_time"] = at,
                ["name"] = Words(Name),
                ["description"] = Words(Description),
                ["picture"] = Image("IMAGE"),
                ["preview"] = Image("PREVIEW"),
                ["invite"] = InviteCode,
                ["subscribers_count"] = Followers.Count.ToString(CultureInfo.InvariantCulture),
                ["verification"] = "UNVERIFIED",
            },
            ["viewer_metadata"] = new JsonObject { ["mute"] = IsMutedBy(viewer) ? "ON" : "OFF", ["role"] = role },
        };
    }
}
