using System.Text.Json.Nodes;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Channels;

/// <summary>Channels (newsletters): those the account follows or owns, and the public directory.</summary>
/// <remarks>
/// Every method asks the server and throws <see cref="QueryFailedException"/> with the server's code when it refuses, <see cref="TimeoutException"/>
/// when it does not answer in time, <see cref="NotOnlineException"/> without a connection, and <see cref="ProtocolException"/> when the answer is of
/// no known form. Messages are sent as to any other chat. Source: docs/protocol/channels.md.
/// </remarks>
public sealed class ChannelsFeature : IFeature
{
    /// <summary>Most messages of one answer.</summary>
    public const int MaxMessages = 100;

    /// <summary>What most clients accept; the server may name another one.</summary>
    private const string CreationTerms = "20601218";
    private readonly AccountContext _context;
    private readonly Mex _mex;
    private readonly ChannelWatch _watch;

    internal ChannelsFeature(AccountContext context, MessageSender sender)
    {
        (_context, _mex, _watch) = (context, new(context.Link, context.Options), new(context));
        sender.Add(new ChannelRoute(context));
    }

    void IFeature.Register(StanzaRouter router)
    {
        router.Add("notification/mex", new ChannelNotifications(_context));
        router.Add("notification/newsletter", _watch);
        // Nothing about channels is kept here that could be out of date.
        _context.Dirty.On("newsletter_metadata", _ => Task.CompletedTask);
    }

    Task IFeature.LoggedInAsync(CancellationToken ct)
    {
        _watch.Forget();
        return Task.CompletedTask;
    }

    /// <summary>A channel, followed or not.</summary>
    public async Task<ChannelInfo> GetAsync(Jid channel, CancellationToken ct) => ChannelParser.Channel(await AskAsync(ChannelDocuments.Fetch("JID", channel.ToString()), ct));

    /// <summary>A channel by the last part of its public link.</summary>
    public async Task<ChannelInfo> GetByInviteAsync(string code, CancellationToken ct) => ChannelParser.Channel(await AskAsync(ChannelDocuments.Fetch("INVITE", code), ct));

    /// <summary>The channels the account follows, administers or owns.</summary>
    public async Task<IReadOnlyList<ChannelInfo>> ListAsync(CancellationToken ct) => ChannelParser.Channels(await AskAsync(ChannelDocuments.ListFollowed(), ct));

    /// <summary>Makes a channel, and accepts WhatsApp's terms for channels.</summary>
    /// <param name="picture">A square JPEG, or null.</param>
    public async Task<ChannelInfo> CreateAsync(string name, string? description, byte[]? picture, CancellationToken ct)
    {
        await _context.QueryAsync(ChannelStanzas.AcceptTerms(CreationTerms), ct);
        return ChannelParser.Channel(await AskAsync(ChannelDocuments.Create(name, description, picture is null ? null : Convert.ToBase64String(picture)), ct));
    }

    /// <summary>Changes what is not null.</summary>
    /// <param name="picture">A square JPEG; empty takes the picture away.</param>
    public async Task<ChannelInfo> UpdateAsync(Jid channel, string? name, string? description, byte[]? picture, CancellationToken ct)
    {
        var updates = new JsonObject();
        if (name is not null) updates["name"] = name;
        if (description is not null) updates["description"] = description;
        if (picture is not null) updates["picture"] = Convert.ToBase64String(picture);
        return ChannelParser.Channel(await AskAsync(ChannelDocuments.Update(channel, updates), ct));
    }

    public Task DeleteAsync(Jid channel, CancellationToken ct) => AskAsync(ChannelDocuments.Delete(channel), ct);

    public Task FollowAsync(Jid channel, CancellationToken ct) => AskAsync(ChannelDocuments.Follow(channel), ct);

    public Task UnfollowAsync(Jid channel, CancellationToken ct) => AskAsync(ChannelDocuments.Unfollow(channel), ct);

    /// <summary>Whether the account's phone shows news of a channel.</summary>
    public Task SetMutedAsync(Jid channel, bool isMuted, CancellationToken ct) => AskAsync(ChannelDocuments.SetMuted(channel, isMuted), ct);

    /// <summary>Searches the public directory for words.</summary>
    public async Task<ChannelPage> SearchAsync(string text, ChannelSearch search, CancellationToken ct) => ChannelParser.Page(await AskAsync(ChannelDocuments.SearchText(text, search), ct));

    /// <summary>One of the public directory's lists.</summary>
    /// <param name="view"><c>RECOMMENDED</c>, <c>TRENDING</c>, <c>POPULAR</c> or <c>NEW</c>.</param>
    /// <param name="countries">ISO codes of two letters.</param>
    public async Task<ChannelPage> BrowseAsync(string view, IReadOnlyList<string> countries, ChannelSearch search, CancellationToken ct) =>
        ChannelParser.Page(await AskAsync(ChannelDocuments.ListView(view, countries, search), ct));

    /// <summary>A channel's messages, the newest or those before one; followed or not.</summary>
    /// <param name="count">At most <see cref="MaxMessages"/>.</param>
    /// <param name="before">A server id, or null.</param>
    public async Task<IReadOnlyList<ChannelPost>> MessagesAsync(Jid channel, int count, long? before, CancellationToken ct)
    {
        var answer = await _context.QueryAsync(ChannelStanzas.GetMessages("jid", channel.ToString(), Math.Clamp(count, 1, MaxMessages), before), ct);
        var posts = ChannelParser.Posts(answer.Child("messages") ?? throw new ProtocolException("an answer without messages"));
        await _context.StoreAsync((batch, _) =>
        {
            foreach (var post in posts) ServerIds.Keep(channel, post.Id, post.ServerId, batch);
            return ValueTask.CompletedTask;
        }, ct);
        return posts;
    }

    /// <summary>Has the server tell of views and reactions as they come (<see cref="Events.ChannelCounted"/>), for some minutes; whoever looks on calls again. Nobody waits for it.</summary>
    public void Watch(Jid channel) => _context.Background.Start("watching a channel's counts", ct => _watch.StartAsync(channel, ct));

    /// <summary>The number that a message has in its channel; null when it is not known.</summary>
    public async Task<long?> FindServerIdAsync(Jid channel, string messageId, CancellationToken ct) => await ServerIds.FindAsync(_context.Store, channel, messageId, ct);

    private Task<JsonNode?> AskAsync(IReadOnlyList<MexDocument> versions, CancellationToken ct)
    {
        _context.Used();
        return _mex.QueryAsync(versions, ct);
    }
}
