using System.Text.Json;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Events;
using Footbridge.Engine.Pairing;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;
using PeerRequest = Footbridge.Protocol.Generated.Message.Types.PeerDataOperationRequestMessage;
using PeerRequestType = Footbridge.Protocol.Generated.Message.Types.PeerDataOperationRequestType;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;

namespace Footbridge.Engine.Messages;

/// <summary>A message that could not be read, as it lies in the store.</summary>
/// <param name="Participant">Its author in groups, else null.</param>
/// <param name="Asked">How often the phone has been asked for it.</param>
internal sealed record StoredWaiting(
    string Id, string EventId, string Chat, string? ChatPhone, string? ChatLid, string Sender, string? SenderPhone, string? SenderLid, string? Participant, bool IsFromMe, long Seconds, string? PushName, int Asked);

/// <summary>Messages that could not be read: told of once, asked for at the account's own phone, and told when they come after all.</summary>
/// <remarks>What is waiting is stored, so that a restart does not forget to ask. Source: docs/protocol/message-kinds.md.</remarks>
internal sealed class WaitingMessages(AccountContext context, InboundMessages inbound, PeerMessages peers) : IPeerHandler
{
    private const int MaxAsked = 3;
    private const int MaxAtLogin = 200;
    private const int MaxPerRequest = 32;

    /// <summary>The phone does not send older messages again.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(14);

    /// <summary>Tells of the message, if it is news, and asks the phone for it after a while. Inside the loop.</summary>
    /// <param name="isHopeless">The sender cannot help, so the phone is asked at once.</param>
    public async ValueTask NoteAsync(MessageSource source, Party chat, Party sender, string reason, bool isHopeless, StoreBatch batch, CancellationToken ct)
    {
        await context.Commits.DrainAsync();
        if (await context.Store.GetAsync(StateKind.WaitingMessage, source.DedupeKey, ct) is not null) return;
        var participant = source.Chat.IsUser ? null : source.Sender.ToString();
        Save(source.DedupeKey, new(
            source.Id, source.EventId, chat.Address.ToString(), chat.Phone?.ToString(), chat.Lid?.ToString(), sender.Address.ToString(), sender.Phone?.ToString(), sender.Lid?.ToString(),
            participant, source.IsFromMe, source.Time.ToUnixTimeSeconds(), source.PushName, 0), batch);
        batch.Publish(new MessageWaiting(source.EventId + ":waiting", source.Time, source.Id, chat, sender, source.IsFromMe, source.PushName, reason));
        _ = AskAfterAsync(isHopeless ? TimeSpan.Zero : context.Options.PlaceholderDelay, source.DedupeKey, ct);
    }

    /// <summary>Asks again for what still waits. Outside the loop.</summary>
    public async Task AskForAllAsync(CancellationToken ct)
    {
        var keys = (await context.Store.ListAsync(StateKind.WaitingMessage, "", MaxAtLogin, ct)).Select(row => row.Key).ToList();
        foreach (var chunk in keys.Chunk(MaxPerRequest)) await AskAsync(chunk, ct);
    }

    /// <summary>Takes the phone's answers; nobody else's count.</summary>
    public async ValueTask<bool> HandleAsync(Message.Types.ProtocolMessage message, MessageSource source, StoreBatch batch, CancellationToken ct)
    {
        if (message.PeerDataOperationRequestResponseMessage is not { PeerDataOperationRequestType: PeerRequestType.PlaceholderMessageResend } answer) return false;
        await context.Commits.DrainAsync();
        foreach (var result in answer.PeerDataOperationResult)
        {
            if (result.PlaceholderMessageResendResponse is { HasWebMessageInfoBytes: true } resent) await TakeAsync(Protobuf.Parse(WebMessageInfo.Parser, resent.WebMessageInfoBytes.Span), batch, ct);
        }

        return true;
    }

    private async ValueTask TakeAsync(WebMessageInfo resent, StoreBatch batch, CancellationToken ct)
    {
        if (resent is not { Key.Id: { Length: > 0 } id, Message: { } content }) return;
        foreach (var (key, bytes) in await context.Store.ListAsync(StateKind.WaitingMessage, id + "|", 2, ct))
        {
            var waiting = StoredJson.Parse(bytes, EngineJson.Default.StoredWaiting, "a stored waiting message");
            batch.Delete(StateKind.WaitingMessage, key);
            // It came by itself meanwhile.
            if (await context.State.IsSeenAsync(key, ct)) return;
            context.State.MarkSeen(key, batch);
            if (content.DeviceSentMessage?.Message is { } sent) content = sent;
            await inbound.TakeAsync(new(
                waiting.EventId, waiting.Id, DateTimeOffset.FromUnixTimeSeconds(waiting.Seconds), StoredMessages.PartyOf(waiting.Chat, waiting.ChatPhone, waiting.ChatLid),
                StoredMessages.PartyOf(waiting.Sender, waiting.SenderPhone, waiting.SenderLid), waiting.IsFromMe, waiting.PushName ?? (resent.HasPushName ? resent.PushName : null), content), batch, ct);
            return;
        }
    }

    private async Task AskAfterAsync(TimeSpan delay, string key, CancellationToken ct)
    {
        try
        {
            await Task.Delay(delay, context.Time, ct);
            await AskAsync([key], ct);
        }
        catch (Exception e) when (e is NotOnlineException or SendFailedException or TimeoutException or QueryFailedException)
        {
            // The next login asks again.
            context.Logger.PlaceholderRequestFailed(e.Message);
        }
        catch (OperationCanceledException)
        {
            // The run ended; the next one asks.
        }
    }

    private async Task AskAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        var request = await context.Loop.RunAsync(stop => MakeRequestAsync(keys, stop), ct);
        if (request.PlaceholderMessageResendRequest.Count == 0) return;
        await peers.SendAsync(new() { Type = ProtocolType.PeerDataOperationRequestMessage, PeerDataOperationRequestMessage = request }, new PeerUrgency("high"), ct);
    }

    /// <summary>A request for those of the messages that still wait and are worth asking for; counts the try.</summary>
    private async ValueTask<PeerRequest> MakeRequestAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        await context.Commits.DrainAsync();
        var request = new PeerRequest { PeerDataOperationRequestType = PeerRequestType.PlaceholderMessageResend };
        var oldest = (context.Time.GetUtcNow() - MaxAge).ToUnixTimeSeconds();
        var batch = new StoreBatch();
        foreach (var key in keys)
        {
            if (await context.Store.GetAsync(StateKind.WaitingMessage, key, ct) is not { } bytes) continue;
            var waiting = StoredJson.Parse(bytes, EngineJson.Default.StoredWaiting, "a stored waiting message");
            if (waiting.Seconds < oldest || waiting.Asked >= MaxAsked || await context.State.IsSeenAsync(key, ct))
            {
                batch.Delete(StateKind.WaitingMessage, key);
                continue;
            }

            var wanted = new MessageKey { RemoteJid = waiting.Chat, FromMe = waiting.IsFromMe, Id = waiting.Id };
            if (waiting.Participant is { } participant) wanted.Participant = participant;
            request.PlaceholderMessageResendRequest.Add(new PeerRequest.Types.PlaceholderMessageResendRequest { MessageKey = wanted });
            Save(key, waiting with { Asked = waiting.Asked + 1 }, batch);
        }

        await context.Commits.CommitAsync(batch, () => { }, ct);
        return request;
    }

    private static void Save(string key, StoredWaiting waiting, StoreBatch batch) =>
        batch.Put(StateKind.WaitingMessage, key, JsonSerializer.SerializeToUtf8Bytes(waiting, EngineJson.Default.StoredWaiting));
}
