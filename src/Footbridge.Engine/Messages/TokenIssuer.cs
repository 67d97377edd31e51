using System.Buffers.Binary;
using System.Collections.Concurrent;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Messages;

/// <summary>Gives people we write to a token by which they may write back, anew in each period. Source: docs/protocol/message-kinds.md.</summary>
internal sealed class TokenIssuer(AccountContext context)
{
    private readonly ConcurrentDictionary<Jid, bool> _issuing = new();

    /// <summary>The period of the last token of each person; what is on its way to the store is not found there yet.</summary>
    private readonly ConcurrentDictionary<Jid, long> _issued = new();

    /// <summary>Issues a token when none was issued in this period. Outside the loop; a failure is logged and the next message tries again.</summary>
    public async Task IssueAsync(Jid chat)
    {
        var period = context.Time.GetUtcNow().ToUnixTimeSeconds() / PrivacyTokens.BucketSeconds;
        if ((_issued.TryGetValue(chat, out var last) && last == period) || !_issuing.TryAdd(chat, true)) return;
        try
        {
            var person = chat.IsLid ? chat : await context.Loop.RunAsync(stop => context.State.TwinAsync(chat, stop), CancellationToken.None) ?? chat;
            var now = context.Time.GetUtcNow().ToUnixTimeSeconds();
            if (await context.Store.GetAsync(StateKind.TokenIssued, person.User, CancellationToken.None) is { Length: 8 } stored
                && BinaryPrimitives.ReadInt64BigEndian(stored) / PrivacyTokens.BucketSeconds == period)
            {
                _issued[chat] = period;
                return;
            }

            await context.Link.QueryAsync(
                Node.Of("iq", [("type", "set"), ("xmlns", "privacy"), ("to", Jid.Service)],
                    Node.Of("tokens", Node.Of("token", [("jid", person), ("t", now), ("type", "trusted_contact")]))),
                context.Options.QueryTimeout, CancellationToken.None);
            _issued[chat] = period;
            var issued = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(issued, now);
            await context.ChangeAsync((batch, _) =>
            {
                batch.Put(StateKind.TokenIssued, person.User, issued);
                return ValueTask.CompletedTask;
            }, CancellationToken.None);
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException or NotOnlineException or OperationCanceledException or System.Threading.Channels.ChannelClosedException or InvalidOperationException)
        {
            context.Logger.TokenNotIssued(e.Message);
        }
        finally
        {
            _issuing.TryRemove(chat, out _);
        }
    }

    /// <summary>After a person's identity changed: gives the token again, with the time it was given first, unless that is too long ago. Outside the loop; a failure is logged.</summary>
    public async Task ReissueAsync(Jid person)
    {
        try
        {
            var owner = person.IsLid ? person : await context.Loop.RunAsync(stop => context.State.TwinAsync(person, stop), CancellationToken.None) ?? person;
            if (await PrivacyTokens.FindIssuedAsync(context.Store, owner, context.Time.GetUtcNow(), CancellationToken.None) is not { } seconds) return;
            await context.Link.QueryAsync(
                Node.Of("iq", [("type", "set"), ("xmlns", "privacy"), ("to", Jid.Service)],
                    Node.Of("tokens", Node.Of("token", [("jid", owner), ("t", seconds), ("type", "trusted_contact")]))),
                context.Options.QueryTimeout, CancellationToken.None);
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException or NotOnlineException or OperationCanceledException or System.Threading.Channels.ChannelClosedException or InvalidOperationException)
        {
            context.Logger.TokenNotIssued(e.Message);
        }
    }
}
