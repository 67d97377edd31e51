using System.Collections.Concurrent;
using Footbridge.Engine.Connection;
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
        var now = context.Time.GetUtcNow();
        var period = PrivacyTokens.PeriodOf(now.ToUnixTimeSeconds());
        if ((_issued.TryGetValue(chat, out var last) && last == period) || !_issuing.TryAdd(chat, true)) return;
        try
        {
            await TryAsync(() => IssueAsync(chat, now, period));
        }
        finally
        {
            _issuing.TryRemove(chat, out _);
        }
    }

    /// <summary>After a person's identity changed: gives the token again, with the time it was given first, unless that is too long ago. Outside the loop; a failure is logged.</summary>
    public Task ReissueAsync(Jid person) => TryAsync(async () =>
    {
        var owner = await OwnerAsync(person);
        if (await PrivacyTokens.FindIssuedAsync(context.Store, owner, context.Time.GetUtcNow(), CancellationToken.None) is { } seconds) await GiveAsync(owner, seconds);
    });

    private async Task IssueAsync(Jid chat, DateTimeOffset now, long period)
    {
        var person = await OwnerAsync(chat);
        if (await PrivacyTokens.FindIssuedAsync(context.Store, person, now, CancellationToken.None) is not { } issued || PrivacyTokens.PeriodOf(issued) != period)
        {
            await GiveAsync(person, now.ToUnixTimeSeconds());
            await context.ChangeAsync((batch, _) =>
            {
                PrivacyTokens.SaveIssued(person, now.ToUnixTimeSeconds(), batch);
                return ValueTask.CompletedTask;
            }, CancellationToken.None);
        }

        _issued[chat] = period;
    }

    private async Task<Jid> OwnerAsync(Jid person) =>
        person.IsLid ? person : await context.Loop.RunAsync(stop => context.State.TwinAsync(person, stop), CancellationToken.None) ?? person;

    private Task<Node> GiveAsync(Jid person, long seconds) => context.Link.QueryAsync(
        Iq.Set("privacy", Node.Of("tokens", Node.Of("token", [("jid", person), ("t", seconds), ("type", "trusted_contact")]))), context.Options.QueryTimeout, CancellationToken.None);

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException or NotOnlineException or OperationCanceledException or System.Threading.Channels.ChannelClosedException or InvalidOperationException)
        {
            context.Logger.TokenNotIssued(e.Message);
        }
    }
}
