using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages;

/// <summary>Gives people we write to our token, so that they may write back without limits. Source: docs/protocol/messages.md.</summary>
internal sealed class TokenIssuer(AccountContext context)
{
    /// <summary>After a message to a person: gives the token when this week's has not been given. Does not wait; a failure is logged and made good by the next message.</summary>
    public void AfterMessage(Jid to) => _ = TryAsync(to, (issued, now) => issued is { } at && PrivacyTokens.IsSameBucket(at, now) ? null : now.ToUnixTimeSeconds());

    /// <summary>After a person's identity changed: gives the token again, with the time it was given first. Does not wait.</summary>
    public void AfterIdentityChange(Jid person) => _ = TryAsync(person, (issued, _) => issued);

    private async Task TryAsync(Jid to, Func<long?, DateTimeOffset, long?> timeOf)
    {
        var ct = CancellationToken.None;
        try
        {
            var person = to.IsPhone ? await LidMap.FindTwinAsync(context.Store, to, ct) ?? to.ToUser() : to.ToUser();
            var now = context.Time.GetUtcNow();
            if (timeOf(await PrivacyTokens.FindIssuedAsync(context.Store, person, now, ct), now) is not { } seconds) return;
            var token = Node.Of("token", [("jid", person), ("t", seconds), ("type", "trusted_contact")]);
            await context.Link.QueryAsync(
                Node.Of("iq", [("type", "set"), ("xmlns", "privacy"), ("to", Jid.Service)], Node.Of("tokens", token)), context.Options.QueryTimeout, ct);
            await context.StoreAsync((batch, _) =>
            {
                PrivacyTokens.SaveIssued(person, seconds, batch);
                return ValueTask.CompletedTask;
            }, ct);
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException or NotOnlineException or System.Threading.Channels.ChannelClosedException or OperationCanceledException or InvalidOperationException)
        {
            context.Logger.BackgroundStepFailed("giving a person our token", e.Message);
        }
    }
}
