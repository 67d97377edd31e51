using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Contacts;

/// <summary>Makes both addresses of one, from what the account knows. Inside the loop.</summary>
internal static class Parties
{
    public static async ValueTask<Party> OfAsync(AccountState state, Jid address, CancellationToken ct)
    {
        var user = address.ToUser();
        return MessageSource.PartyOf(user, user.IsUser ? await state.TwinAsync(user, ct) : null);
    }

    /// <summary>Notes a pair that the account's phone told as texts, in either order; what is no pair of phone and LID is ignored.</summary>
    /// <param name="statedAt">When the phone said so, by WhatsApp's clock.</param>
    public static async ValueTask LearnAsync(AccountState state, string? one, string? other, DateTimeOffset statedAt, StoreBatch batch, CancellationToken ct)
    {
        if (!Jid.TryParse(one, out var a) || !Jid.TryParse(other, out var b)) return;
        if (a.IsLid) (a, b) = (b, a);
        if (a.IsPhone && b.IsLid && a.IsUser && b.IsUser) await state.LearnPairAsync(a, b, PairSource.Phone, statedAt, batch, ct);
    }
}
