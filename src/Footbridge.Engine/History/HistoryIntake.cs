using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Notification = Footbridge.Protocol.Generated.Message.Types.HistorySyncNotification;

namespace Footbridge.Engine.History;

/// <summary>Takes one part of the history in, slice by slice: each is committed with the count of those that are done.</summary>
internal sealed class HistoryIntake(AccountContext context, string id, StoredHistory stored)
{
    /// <summary>Messages, or names, that one event carries at most.</summary>
    public const int SliceSize = 200;

    /// <summary>After so many bytes of messages and names the event is told, however few they are: what they become in memory is many times as much.</summary>
    private const int SliceBytes = 512 * 1024;
    private readonly Notification _notification = stored.Parse();
    private readonly HistoryShapes _shapes = new(context);
    private readonly List<(Conversation Chat, List<WebMessageInfo> Messages)> _chats = [];
    private readonly List<Pushname> _names = [];
    private readonly List<(WebMessageInfo Message, int Length)> _statuses = [];
    private StoredHistory _stored = stored;
    private int _slice;
    private int _messages;
    private int _bytes;
    private int _statusBytes;

    /// <param name="open">Opens the compressed history from its beginning; called twice: addresses may lie behind the chats that need them.</param>
    /// <exception cref="Protocol.ProtocolException">It is malformed; slices before the damage are committed.</exception>
    public async Task RunAsync(Func<Stream> open, CancellationToken ct)
    {
        await LearnAsync(open, ct);
        await using (var stream = open())
        {
            foreach (var part in HistoryReader.Read(stream)) await TakeAsync(part, ct);
        }

        if (_statuses.Count > 0) await AddChatAsync(new() { Id = Jid.Status.ToString() }, _statuses, ct);
        if (_messages + _names.Count + _chats.Count > 0) await FlushAsync(ct);
    }

    /// <summary>Pairs of addresses and secrets first.</summary>
    private async Task LearnAsync(Func<Stream> open, CancellationToken ct)
    {
        await using var stream = open();
        foreach (var slice in HistoryReader.Read(stream).Where(p => p is not (HistoryPart.Status or HistoryPart.Name)).Select(Facts).Chunk(SliceSize))
        {
            await context.ChangeAsync(async (batch, stop) =>
            {
                foreach (var fact in slice) await fact.LearnAsync(context, DateTimeOffset.FromUnixTimeSeconds(_stored.TimeSeconds), batch, stop);
            }, ct);
        }
    }

    private static HistoryFact Facts(HistoryPart part) => part switch
    {
        HistoryPart.Pair pair => new(pair.Mapping.PnJid, pair.Mapping.LidJid),
        HistoryPart.Chat { Conversation: { } chat } => new(chat.Id, chat.HasLidJid ? chat.LidJid : chat.PnJid)
        {
            Token = chat.HasTcToken ? chat.TcToken.ToByteArray() : null,
            TokenSeconds = (long)Math.Min(chat.TcTokenTimestamp, uint.MaxValue),
        },
        HistoryPart.NctSalt salt => new(null, null) { Secret = (AccountSecrets.NctSalt, salt.Salt) },
        HistoryPart.CompanionMetaNonce nonce => new(null, null) { Secret = (AccountSecrets.CompanionMetaNonce, System.Text.Encoding.UTF8.GetBytes(nonce.Nonce)) },
        _ => new(null, null),
    };

    private async ValueTask TakeAsync(HistoryPart part, CancellationToken ct)
    {
        switch (part)
        {
            case HistoryPart.Chat chat:
                await AddChatAsync(chat.Conversation, chat.Messages(), ct);
                break;
            case HistoryPart.Status status:
                if (_statuses.Count == SliceSize || _statusBytes >= SliceBytes) break;
                _statuses.Add((status.Message, status.Length));
                _statusBytes += status.Length;
                break;
            case HistoryPart.Name name:
                _names.Add(name.Pushname);
                _bytes += name.Pushname.CalculateSize();
                if (IsFull) await FlushAsync(ct);
                break;
        }
    }

    private bool IsFull => _messages >= SliceSize || _chats.Count >= SliceSize || _names.Count >= SliceSize || _bytes >= SliceBytes;

    /// <summary>A chat with more messages than a slice has room for comes in several slices.</summary>
    private async ValueTask AddChatAsync(Conversation chat, IEnumerable<(WebMessageInfo Message, int Length)> messages, CancellationToken ct)
    {
        var part = Begin(chat);
        foreach (var (message, length) in messages)
        {
            if (IsFull)
            {
                await FlushAsync(ct);
                part = Begin(chat);
            }

            part.Add(message);
            (_messages, _bytes) = (_messages + 1, _bytes + length);
        }

        if (IsFull) await FlushAsync(ct);
    }

    private List<WebMessageInfo> Begin(Conversation chat)
    {
        var messages = new List<WebMessageInfo>();
        _chats.Add((chat, messages));
        _bytes += chat.CalculateSize();
        return messages;
    }

    private async Task FlushAsync(CancellationToken ct)
    {
        if (_slice++ >= _stored.Done)
        {
            var (chats, names) = (_chats.ToList(), _names.ToList());
            _stored = _stored with { Done = _slice };
            await context.ChangeAsync(async (batch, stop) =>
            {
                batch.Publish(await EventAsync(chats, names, stop));
                RenameMe(names, batch);
                _stored.Save(id, batch);
            }, ct);
        }

        _chats.Clear();
        _names.Clear();
        (_messages, _bytes) = (0, 0);
    }

    private async ValueTask<HistoryReceived> EventAsync(List<(Conversation Chat, List<WebMessageInfo> Messages)> chats, List<Pushname> names, CancellationToken ct)
    {
        var shapes = new List<HistoryChat>();
        foreach (var (chat, messages) in chats)
        {
            if (await _shapes.ChatAsync(chat, ct) is not { } shape) continue;
            var shaped = new List<HistoryMessage>();
            foreach (var message in messages)
            {
                if (await _shapes.MessageAsync(message, shape.Chat.Address, ct) is { } m) shaped.Add(m);
            }

            shapes.Add(shape with { Messages = shaped });
        }

        var people = new List<HistoryName>();
        foreach (var name in names)
        {
            if (await _shapes.NameAsync(name, ct) is { } person) people.Add(person);
        }

        return new(
            $"history:{id}:{_slice}", DateTimeOffset.FromUnixTimeSeconds(_stored.TimeSeconds), HistoryFeature.KindOf(_notification),
            _notification.HasProgress ? (int)Math.Min(_notification.Progress, 100) : null, shapes, people);
    }

    /// <summary>The account's own name is among the names.</summary>
    private void RenameMe(List<Pushname> names, StoreBatch batch)
    {
        var credentials = context.Link.Credentials;
        if (credentials.Account is not { } me) return;
        var own = names.FindLast(n => n.Pushname_.Length > 0 && Jid.TryParse(n.Id, out var jid) && me.Is(jid));
        if (own is null || own.Pushname_ == me.PushName) return;
        var renamed = credentials with { Account = me with { PushName = own.Pushname_ } };
        renamed.Save(batch);
        context.Link.Replace(renamed);
    }

    /// <summary>What a part of the history says besides its events.</summary>
    private sealed record HistoryFact(string? One, string? Other)
    {
        public byte[]? Token { get; init; }

        public long TokenSeconds { get; init; }

        public (string Name, byte[] Value)? Secret { get; init; }

        public async ValueTask LearnAsync(AccountContext context, DateTimeOffset statedAt, StoreBatch batch, CancellationToken ct)
        {
            await Parties.LearnAsync(context.State, One, Other, statedAt, batch, ct);
            if (Secret is { } secret) batch.Put(StateKind.AccountSecret, secret.Name, secret.Value);
            if (Token is null || !Jid.TryParse(One, out var chat) || !chat.IsUser) return;
            var owner = chat.IsLid ? chat : await context.State.TwinAsync(chat, ct) ?? chat;
            await PrivacyTokens.SaveAsync(context.Store, owner.ToUser(), Token, TokenSeconds, batch, ct);
        }
    }
}
