using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Engine.Messages;

/// <summary>Sends messages by the route of their chat: one at a time per chat, once per id, and again while the server says it is busy.</summary>
internal sealed class MessageSender(AccountContext context)
{
    private static readonly int[] TransientCodes = [408, 429, 500, 503];
    private const int MaxTries = 3;
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(750);
    private readonly ChatLocks _chats = new();
    private readonly List<ISendRoute> _routes = [];
    private readonly Refusals _refusals = new(context);

    public void Add(ISendRoute route) => _routes.Add(route);

    public bool CanSendTo(Jid chat) => _routes.Exists(route => route.Carries(chat.ToUser()));

    /// <exception cref="NotOnlineException">There is no connection, or it broke before the ack.</exception>
    /// <exception cref="SendFailedException">WhatsApp refused the message.</exception>
    public async Task<SentMessage> SendAsync(OutgoingMessage message, CancellationToken ct)
    {
        context.Link.RequireOnline();
        context.Used();
        message = message with { To = message.To.ToUser() };
        var route = RouteOf(message.To);
        var known = await StoredOutgoing.LoadAsync(context.Store, message.Id, ct);
        if (known?.AckedAtSeconds is { } acked) return await SentAsync(message, acked, ct);
        message = known is null ? await OutgoingContents.PrepareAsync(context, message, ct) : message with { Content = Message.Parser.ParseFrom(known.Content), Tag = known.Tag ?? message.Tag, MediaHandle = known.MediaHandle };
        var hasAsked = false;
        for (var attempt = 1; ; attempt++)
        {
            var leaving = await _chats.RunAsync(message.To.User, () => route.LetLeaveAsync(message, ct), ct);
            var ack = await leaving.Ack;
            if (ack["error"] is not { } error)
            {
                await route.AckedAsync(message, ack, ct);
                return await SentAsync(message, ack.LongOf("t") ?? 0, ct);
            }

            var code = (int)(ack.LongOf("error") ?? 0);
            if (attempt < MaxTries && route.IsWorthAnotherTry(message, code)) continue;
            if (code == Refusals.NewChatRestricted && !hasAsked && message.To.IsUser)
            {
                // What the server knows of the person may bring a token along.
                hasAsked = true;
                context.Devices.Forget(message.To);
                await context.Devices.GetAsync([message.To], ct);
                continue;
            }

            if (attempt >= MaxTries || !TransientCodes.Contains(code)) throw await _refusals.DescribeAsync(code, ct);
            await Task.Delay(TryAgainAfter, context.Time, ct);
        }
    }

    /// <summary>Sends what a crash or a broken connection left without an ack, with its own id.</summary>
    public async Task ResendAsync(string id, StoredOutgoing entry, CancellationToken ct)
    {
        var message = new OutgoingMessage(id, Jid.Parse(entry.To), Message.Parser.ParseFrom(entry.Content)) { Tag = entry.Tag, MediaHandle = entry.MediaHandle };
        var route = RouteOf(message.To);
        var leaving = await _chats.RunAsync(message.To.User, () => route.LetLeaveAsync(message, ct), ct);
        await ((Task)leaving.Ack).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (leaving.Ack.IsCompletedSuccessfully && await leaving.Ack is var ack && ack["error"] is null) await route.AckedAsync(message, ack, ct);
    }

    private ISendRoute RouteOf(Jid chat) => _routes.Find(route => route.Carries(chat)) ?? throw new SendFailedException($"messages to {chat.Server} cannot be sent yet");

    private async Task<SentMessage> SentAsync(OutgoingMessage message, long seconds, CancellationToken ct)
    {
        var twin = await LidMap.FindTwinAsync(context.Store, message.To, ct);
        return new(message.Id, MessageSource.PartyOf(message.To, twin), DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, 0, uint.MaxValue)));
    }
}
