using System.Security.Cryptography;
using Footbridge.Engine.Channels;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Messages;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Engine.Messages;

/// <summary>Sending and taking in messages and their receipts, in one run.</summary>
internal sealed class MessagesFeature : IFeature
{
    private const int MaxResent = 1000;
    private const int MaxPerReceipt = 256;
    private static readonly TimeSpan ResendWindow = TimeSpan.FromMinutes(10);
    private readonly AccountContext _context;

    public MessagesFeature(AccountContext context)
    {
        _context = context;
        Sender = new(context);
        Sender.Add(new DirectRoute(context));
        Peers = new(context);
        Inbound = new(context);
        Waiting = new(context, Inbound, Peers);
        Peers.Add(Waiting);
        Peers.Add(new LidMigration(context));
    }

    /// <summary>Other features add their routes here.</summary>
    public MessageSender Sender { get; }

    /// <summary>Other features send to the account's own phone through it, and add what they take from there.</summary>
    public PeerMessages Peers { get; }

    /// <summary>What turns messages in clear into events.</summary>
    public InboundMessages Inbound { get; }

    public WaitingMessages Waiting { get; }

    public void Register(StanzaRouter router)
    {
        var (link, state, commits, store) = (_context.Link, _context.State, _context.Commits, _context.Store);
        var retries = new RetryRequester(link, state, commits, store, _context.PreKeys, Waiting, _context.Logger);
        router.Add("message", new MessageReceiver(link, state, commits, _context.PreKeys, _context.SenderKeys, retries, Peers, Inbound, Waiting));
        router.Add("ack", new AckReceiver(link, state, commits, store, Inbound, _context.ChannelChanges));
        router.Add("receipt", new ReceiptReceiver(link, state, commits, _context.Time));
        var answerer = new RetryAnswerer(_context);
        router.Add("receipt/retry", answerer);
        router.Add("receipt/enc_rekey_retry", answerer);
    }

    public async Task LoggedInAsync(CancellationToken ct)
    {
        await ResendUnacknowledgedAsync(ct);
        try
        {
            await Waiting.AskForAllAsync(ct);
        }
        catch (SendFailedException e)
        {
            _context.Logger.PlaceholderRequestFailed(e.Message);
        }
    }

    /// <param name="participant">Whose messages they are, in groups; null in direct chats.</param>
    /// <param name="isPlayed">They were listened to or looked at, not only read.</param>
    public async Task MarkReadAsync(Jid chat, Jid? participant, IReadOnlyList<string> messageIds, bool isPlayed, CancellationToken ct)
    {
        if (messageIds.Count == 0) return;
        _context.Link.RequireOnline();
        _context.Used();
        var address = chat.IsPhone && await LidMap.FindTwinAsync(_context.Store, chat, ct) is { } lid ? lid : chat.ToUser();
        var type = (isPlayed ? "played" : "read") + (await TellsOthersAsync(ct) && chat.Server != JidServer.Newsletter ? "" : "-self");
        if (chat.Server == JidServer.Newsletter) await CountViewsAsync(chat, messageIds, ct);
        foreach (var chunk in messageIds.Chunk(MaxPerReceipt)) _context.Link.Send(Receipts.Read(address, participant?.ToUser(), chunk, type, _context.Time.GetUtcNow()));
    }

    /// <summary>A channel's messages are seen by their numbers; those whose number is not known are not counted.</summary>
    private async Task CountViewsAsync(Jid channel, IReadOnlyList<string> messageIds, CancellationToken ct)
    {
        var seen = new List<long>();
        foreach (var id in messageIds)
        {
            if (await ServerIds.FindAsync(_context.Store, channel, id, ct) is { } serverId) seen.Add(serverId);
        }

        foreach (var chunk in seen.Chunk(MaxPerReceipt)) _context.Link.Send(ChannelStanzas.Viewed(channel, MessageIds.Random(), chunk));
    }

    /// <summary>Votes in a poll.</summary>
    /// <exception cref="SendFailedException">The poll, or an option of it, is not known.</exception>
    public async Task<SentMessage> VoteAsync(string id, Jid chat, string pollId, IReadOnlyList<string> options, CancellationToken ct)
    {
        if (await StoredMessages.FindAsync(_context.Store, pollId, ct) is not { } poll || PollContents.Find(poll.Content) is not { } creation) throw new SendFailedException($"Poll with id '{pollId}' not found");
        if (options.FirstOrDefault(option => !creation.Options.Any(o => o.OptionName == option)) is { } unknown) throw new SendFailedException($"The poll has no option '{unknown}'");
        if (poll.Content.MessageContextInfo is not { HasMessageSecret: true } info) throw new SendFailedException("The poll came without its secret, so nobody can vote in it from here");
        var me = _context.Link.Me;
        var voter = me.Address(poll.Sender.Address.IsLid).ToUser();
        var now = _context.Time.GetUtcNow();
        var choice = new Message.Types.PollVoteMessage();
        choice.SelectedOptions.AddRange(options.Select(option => ByteString.CopyFrom(PollContents.HashOf(option))));
        var nonce = RandomNumberGenerator.GetBytes(AddOnCipher.NonceBytes);
        var vote = AddOnCipher.Encrypt(AddOnUse.PollVote, info.MessageSecret.Span, pollId, poll.Sender.Address, voter, choice.ToByteArray(), nonce);
        var key = new MessageTarget(pollId, poll.IsFromMe, chat.IsUser ? null : poll.Sender.Address).KeyIn(poll.Chat.Address);
        return await Sender.SendAsync(
            new(id, chat, new()
            {
                PollUpdateMessage = new()
                {
                    PollCreationMessageKey = key,
                    Vote = new() { EncPayload = ByteString.CopyFrom(vote), EncIv = ByteString.CopyFrom(nonce) },
                    SenderTimestampMs = now.ToUnixTimeMilliseconds(),
                },
            }), ct);
    }

    /// <summary>Whether the account tells others that it has read. While that is not known, what is not meant to be told must not be.</summary>
    private async Task<bool> TellsOthersAsync(CancellationToken ct)
    {
        try
        {
            return (await _context.Privacy.GetAsync(ct)).GetValueOrDefault("readreceipts") != "none";
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException)
        {
            _context.Logger.LoginStepFailed("the question for the privacy of read receipts", e.Message);
            return false;
        }
    }

    /// <summary>Sends again, in order, what has left or may have left without an ack; entries older than ten minutes are their caller's business.</summary>
    private async Task ResendUnacknowledgedAsync(CancellationToken ct)
    {
        var pending = new List<(string Id, StoredOutgoing Entry)>();
        foreach (var (id, _) in await _context.Store.ListAsync(StateKind.Unacknowledged, "", MaxResent, ct))
        {
            if (await StoredOutgoing.LoadAsync(_context.Store, id, ct) is { } entry) pending.Add((id, entry));
        }

        var oldest = (_context.Time.GetUtcNow() - ResendWindow).ToUnixTimeMilliseconds();
        foreach (var (id, entry) in pending.Where(p => p.Entry.CreatedAtMs >= oldest).OrderBy(p => p.Entry.CreatedAtMs))
        {
            try
            {
                await Sender.ResendAsync(id, entry, ct);
            }
            catch (SendFailedException e)
            {
                _context.Logger.DeviceSkipped(e.Message);
            }
        }
    }
}
