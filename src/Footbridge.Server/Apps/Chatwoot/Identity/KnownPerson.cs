using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>A person as far as WhatsApp has said who is who; every id here is a link on record, and none a guess.</summary>
/// <param name="FormerPhones">Numbers the person had before.</param>
internal sealed record KnownPerson(Jid? Phone, Jid? Lid, IReadOnlyList<Jid> FormerPhones)
{
    /// <summary>All of a person's ids in WAHA's form, the present ones first.</summary>
    public IEnumerable<string> Ids => new[] { Phone, Lid }.OfType<Jid>().Concat(FormerPhones).Select(WahaIds.ChatId);

    /// <summary>The keys under which a chat with the person may have been filed, the one of today first.</summary>
    public IEnumerable<string> Keys => new[] { Lid, Phone }.OfType<Jid>().Concat(FormerPhones).Select(jid => jid.ToString());

    /// <summary>The address that stands for the person.</summary>
    public Jid Address => Phone ?? Lid!.Value;

    public static Jid? JidOf(string? text) => Jid.TryParse(text, out var jid) ? jid : null;
}
