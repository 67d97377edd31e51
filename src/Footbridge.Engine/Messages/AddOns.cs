using Footbridge.Engine.Connection;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Messages;
using Footbridge.Protocol.Xml;
using Google.Protobuf;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;
using SecretUse = Footbridge.Protocol.Generated.Message.Types.SecretEncryptedMessage.Types.SecretEncType;

namespace Footbridge.Engine.Messages;

/// <summary>Opens what people add to messages under those messages' secrets. Inside the loop. Source: docs/protocol/message-kinds.md.</summary>
internal sealed class AddOns(AccountContext context)
{
    /// <summary>The message in its plain form when it is an encrypted reaction, comment or edit; null when it is none, or cannot be opened.</summary>
    public async ValueTask<Message?> OpenAsync(InboundMessage message, CancellationToken ct)
    {
        var content = message.Content;
        if (content.EncReactionMessage is { } reaction)
        {
            if (await DecryptAsync(message, AddOnUse.Reaction, reaction.TargetMessageKey, reaction.EncPayload, reaction.EncIv, ct) is not { } plain) return null;
            var opened = Protobuf.Parse(Message.Types.ReactionMessage.Parser, plain);
            opened.Key = reaction.TargetMessageKey;
            return new() { ReactionMessage = opened };
        }

        if (content.EncCommentMessage is { } comment)
        {
            return await DecryptAsync(message, AddOnUse.Comment, comment.TargetMessageKey, comment.EncPayload, comment.EncIv, ct) is { } plain
                ? MessageContent.Unwrap(Protobuf.Parse(Message.Parser, plain)) : null;
        }

        if (content.SecretEncryptedMessage is not { } secret || UseOf(secret.SecretEncType) is not { } use) return null;
        return await DecryptAsync(message, use, secret.TargetMessageKey, secret.EncPayload, secret.EncIv, ct) is { } edited ? AsEdit(secret.TargetMessageKey, edited, message.Time) : null;
    }

    /// <summary>The event that a vote gives rise to; null when a later vote of the same person is known.</summary>
    public async ValueTask<PollVoted?> VoteAsync(InboundMessage message, StoreBatch batch, CancellationToken ct)
    {
        var update = message.Content.PollUpdateMessage;
        var authors = await AuthorsAsync(message, update.PollCreationMessageKey, ct);
        var poll = await StoredMessages.FindTargetAsync(context.Store, update.PollCreationMessageKey.Id, authors, ct);
        var target = TargetOf(message, update.PollCreationMessageKey, authors, poll);
        PollVoted Failed(string why) => new(message.EventId, message.Time, message.Id, message.Chat, message.Sender, message.IsFromMe, target, null, why);
        if (poll is null || PollContents.Find(poll.Content) is not { } creation) return Failed("the poll is not known");
        if (await DecryptAsync(message, AddOnUse.PollVote, update.PollCreationMessageKey, update.Vote?.EncPayload, update.Vote?.EncIv, ct) is not { } plain) return Failed("the vote cannot be decrypted");
        var vote = new StoredVote([.. Protobuf.Parse(Message.Types.PollVoteMessage.Parser, plain).SelectedOptions.Select(o => o.ToByteArray())], update.SenderTimestampMs);
        var (pollKey, voter) = (StoredMessages.KeyOf(poll.MessageId, poll.Sender.Address), (message.Sender.Phone ?? message.Sender.Address).User);
        var votes = await StoredMessages.VotesAsync(context.Store, pollKey, ct);
        if (votes.TryGetValue(voter, out var former) && former.AtMs > vote.AtMs) return null;
        votes[voter] = vote;
        StoredMessages.SaveVote(pollKey, voter, vote, batch);
        var options = creation.Options.Select(o => (Text: o.OptionName, Hash: PollContents.HashOf(o.OptionName))).ToList();
        return new(message.EventId, message.Time, message.Id, message.Chat, message.Sender, message.IsFromMe, target, [.. options.Where(o => Chose(vote, o.Hash)).Select(o => o.Text)], null)
        {
            Question = creation.Name,
            Voters = votes.Values.Count(v => v.Options.Length > 0),
            Totals = [.. options.Select(o => KeyValuePair.Create(o.Text, votes.Values.Count(v => Chose(v, o.Hash))))],
        };
    }

    /// <summary>The event that an answer to an event gives rise to.</summary>
    public async ValueTask<EventResponded> RespondAsync(InboundMessage message, CancellationToken ct)
    {
        var response = message.Content.EncEventResponseMessage;
        var authors = await AuthorsAsync(message, response.EventCreationMessageKey, ct);
        var planned = await StoredMessages.FindTargetAsync(context.Store, response.EventCreationMessageKey.Id, authors, ct);
        var target = TargetOf(message, response.EventCreationMessageKey, authors, planned);
        EventResponded Answered(EventAnswer? answer, int guests, string? failure) =>
            new(message.EventId, message.Time, message.Id, message.Chat, message.Sender, message.IsFromMe, target, answer, guests, failure) { PushName = message.PushName };
        if (await DecryptAsync(message, AddOnUse.EventResponse, response.EventCreationMessageKey, response.EncPayload, response.EncIv, ct) is not { } plain) return Answered(null, 0, "the answer cannot be decrypted");
        var opened = Protobuf.Parse(Message.Types.EventResponseMessage.Parser, plain);
        return Answered(Enum.IsDefined((EventAnswer)(int)opened.Response) ? (EventAnswer)(int)opened.Response : EventAnswer.Unknown, opened.ExtraGuestCount, null);
    }

    private async ValueTask<byte[]?> DecryptAsync(InboundMessage message, string use, MessageKey? target, ByteString? payload, ByteString? nonce, CancellationToken ct)
    {
        if (target is not { HasId: true } || payload is null || nonce is null) return null;
        var authors = await AuthorsAsync(message, target, ct);
        if (await StoredMessages.FindSecretAsync(context.Store, target.Id, authors, ct) is not var (sender, secret)) return null;
        IReadOnlyList<Jid> likeliestFirst = [sender, .. authors.Where(a => a != sender)];
        return AddOnCipher.TryDecrypt(use, secret, target.Id, likeliestFirst, AddressesOf(message.Sender), payload.Span, nonce.Span);
    }

    /// <summary>The addresses of whoever wrote the message that a key names, as seen by the key's sender.</summary>
    private async ValueTask<IReadOnlyList<Jid>> AuthorsAsync(InboundMessage message, MessageKey key, CancellationToken ct)
    {
        if (key.FromMe) return AddressesOf(message.Sender);
        if (Jid.TryParse(key.Participant, out var named)) return AddressesOf(MessageSource.PartyOf(named.ToUser(), await context.State.TwinAsync(named, ct)));
        var me = context.Link.Me;
        return message.IsFromMe ? AddressesOf(message.Chat) : AddressesOf(MessageSource.PartyOf(me.Phone.ToUser(), me.Lid?.ToUser()));
    }

    private AddOnTarget TargetOf(InboundMessage message, MessageKey key, IReadOnlyList<Jid> authors, MessageReceived? known)
    {
        if (known is not null) return new(known.MessageId, known.Chat, known.Sender, known.IsFromMe);
        var isMine = authors.Any(context.IsMe);
        return new(key.Id, message.Chat, new(authors[0], authors.FirstOrDefault(a => a.IsPhone) is { User: not null } phone ? phone : null, authors.FirstOrDefault(a => a.IsLid) is { User: not null } own ? own : null), isMine);
    }

    private static IReadOnlyList<Jid> AddressesOf(Party party) => [.. new Jid?[] { party.Address, party.Lid, party.Phone }.OfType<Jid>().Select(j => j.ToUser()).Distinct()];

    private static bool Chose(StoredVote vote, byte[] option) => vote.Options.Any(chosen => chosen.AsSpan().SequenceEqual(option));

    private static string? UseOf(SecretUse kind) => kind switch
    {
        SecretUse.MessageEdit => AddOnUse.MessageEdit,
        SecretUse.EventEdit => AddOnUse.EventEdit,
        SecretUse.PollEdit => AddOnUse.PollEdit,
        _ => null,
    };

    private static Message AsEdit(MessageKey target, byte[] plain, DateTimeOffset time)
    {
        var inner = MessageContent.Unwrap(Protobuf.Parse(Message.Parser, plain));
        if (inner.ProtocolMessage is { Type: ProtocolType.MessageEdit }) return inner;
        return new() { ProtocolMessage = new() { Type = ProtocolType.MessageEdit, Key = target, EditedMessage = inner, TimestampMs = time.ToUnixTimeMilliseconds() } };
    }
}
