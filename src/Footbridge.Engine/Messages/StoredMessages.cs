using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Engine.Pairing;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Engine.Messages;

/// <summary>A poll or an event as it is kept.</summary>
/// <param name="Content">Unwrapped, with its secret.</param>
internal sealed record StoredMessage(
    string Id, string Chat, string? ChatPhone, string? ChatLid, string Sender, string? SenderPhone, string? SenderLid, bool IsFromMe, long Seconds, string? PushName, byte[] Content, bool IsApi, int Flags);

/// <summary>The secret of a message.</summary>
/// <param name="Sender">As the stanza had it, without device.</param>
internal sealed record StoredSecret(string Sender, byte[] Secret);

/// <summary>What a person last voted.</summary>
/// <param name="Options">Hashes of the chosen options.</param>
internal sealed record StoredVote(byte[][] Options, long AtMs);

/// <summary>Reads and writes kept messages, secrets and votes. Source: docs/protocol/message-kinds.md.</summary>
internal static class StoredMessages
{
    private const int MaxOfOneId = 8;
    private const int MaxVotes = 2048;

    /// <summary>Keeps a message's secret for what people add to it, and the whole message when they vote in it or answer it.</summary>
    public static void Keep(MessageReceived message, StoreBatch batch)
    {
        if (message.Content.MessageContextInfo is { HasMessageSecret: true } info) KeepSecret(message.MessageId, message.Sender.Address, info.MessageSecret.ToByteArray(), batch);
        if (PollContents.Find(message.Content) is null && message.Content.EventMessage is null) return;
        var (chat, sender) = (message.Chat, message.Sender);
        var stored = new StoredMessage(
            message.MessageId, chat.Address.ToString(), chat.Phone?.ToString(), chat.Lid?.ToString(), sender.Address.ToString(), sender.Phone?.ToString(), sender.Lid?.ToString(),
            message.IsFromMe, message.Time.ToUnixTimeSeconds(), message.PushName, message.Content.ToByteArray(), message.Origin == MessageOrigin.Api, (int)message.Flags);
        batch.Put(StateKind.AddOnTarget, KeyOf(message.MessageId, sender.Address), JsonSerializer.SerializeToUtf8Bytes(stored, EngineJson.Default.StoredMessage));
    }

    public static void KeepSecret(string id, Jid sender, byte[] secret, StoreBatch batch) =>
        batch.Put(StateKind.MessageSecret, KeyOf(id, sender), JsonSerializer.SerializeToUtf8Bytes(new StoredSecret(sender.ToUser().ToString(), secret), EngineJson.Default.StoredSecret));

    /// <summary>A poll or event by id, whoever wrote it; the first one found when ids repeat.</summary>
    public static async ValueTask<MessageReceived?> FindAsync(IDeviceStore store, string id, CancellationToken ct) =>
        await store.ListAsync(StateKind.AddOnTarget, id + "|", 1, ct) is [var (_, bytes)] ? Read(bytes) : null;

    /// <summary>A poll or event by id and one of its author's addresses.</summary>
    public static async ValueTask<MessageReceived?> FindTargetAsync(IDeviceStore store, string id, IReadOnlyList<Jid> authors, CancellationToken ct)
    {
        foreach (var (_, bytes) in await store.ListAsync(StateKind.AddOnTarget, id + "|", MaxOfOneId, ct))
        {
            if (Read(bytes) is var found && authors.Any(found.Sender.Address.IsSameUser)) return found;
        }

        return null;
    }

    /// <summary>A message's secret, and the address its author had in it.</summary>
    public static async ValueTask<(Jid Sender, byte[] Secret)?> FindSecretAsync(IDeviceStore store, string id, IReadOnlyList<Jid> authors, CancellationToken ct)
    {
        foreach (var (_, bytes) in await store.ListAsync(StateKind.MessageSecret, id + "|", MaxOfOneId, ct))
        {
            var stored = StoredJson.Parse(bytes, EngineJson.Default.StoredSecret, "a stored secret");
            var sender = Jid.Parse(stored.Sender);
            if (authors.Any(sender.IsSameUser)) return (sender, stored.Secret);
        }

        return null;
    }

    /// <summary>The latest votes in a poll by voter, without the one that is just being taken.</summary>
    public static async ValueTask<Dictionary<string, StoredVote>> VotesAsync(IDeviceStore store, string pollKey, CancellationToken ct) =>
        (await store.ListAsync(StateKind.PollVote, pollKey + "|", MaxVotes, ct)).ToDictionary(v => v.Key[(pollKey.Length + 1)..], v => StoredJson.Parse(v.Value, EngineJson.Default.StoredVote, "a stored vote"));

    public static void SaveVote(string pollKey, string voter, StoredVote vote, StoreBatch batch) =>
        batch.Put(StateKind.PollVote, $"{pollKey}|{voter}", JsonSerializer.SerializeToUtf8Bytes(vote, EngineJson.Default.StoredVote));

    public static string KeyOf(string id, Jid sender) => $"{id}|{sender.User}";

    private static MessageReceived Read(byte[] bytes)
    {
        var stored = StoredJson.Parse(bytes, EngineJson.Default.StoredMessage, "a stored message");
        return new(
            $"message:{stored.Id}|{Jid.Parse(stored.Sender).User}", DateTimeOffset.FromUnixTimeSeconds(stored.Seconds), stored.Id,
            PartyOf(stored.Chat, stored.ChatPhone, stored.ChatLid), PartyOf(stored.Sender, stored.SenderPhone, stored.SenderLid),
            stored.IsFromMe, stored.PushName, Protobuf.Parse(Message.Parser, stored.Content), false)
        {
            Origin = stored.IsApi ? MessageOrigin.Api : MessageOrigin.Elsewhere,
            Flags = (MessageFlags)stored.Flags,
        };
    }

    /// <summary>A person or chat from the forms it is stored in.</summary>
    public static Party PartyOf(string address, string? phone, string? lid) =>
        new(Jid.Parse(address), phone is null ? null : Jid.Parse(phone), lid is null ? null : Jid.Parse(lid));
}
