using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.Media;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp.Answers;

/// <summary>Answers queries by namespace; what nobody answers gets error 501, so that no client waits.</summary>
internal sealed class IqAnswers(State.Directory directory, ServerRules rules, MediaHost media, GroupDesk groups, ChannelDesk channels, People.PeopleDesk desk, Faults faults, TimeProvider time)
{
    private readonly EncryptAnswers _encrypt = new(directory);
    private readonly UsyncAnswers _usync = new(directory, desk);
    private readonly PeopleAnswers _people = new(directory, desk, time);
    private readonly GroupAnswers _groups = new(groups, time);
    private readonly ChannelAnswers _channels = new(channels);
    private readonly AppStateAnswers _appState = new(faults, time);

    public Node Answer(SimDevice device, Node iq)
    {
        if (iq["xmlns"] == "w:g2") return _groups.Answer(device, iq);
        (int Code, string Text)? refused = null;
        if (iq["xmlns"] == "tos") channels.AcceptTerms(device.Account);
        var children = iq["xmlns"] switch
        {
            "encrypt" => _encrypt.Answer(device, iq),
            "usync" => [_usync.Answer(device, iq)],
            "privacy" when iq["type"] == "set" && iq.Child("tokens") is not null => Tokens(device, iq),
            "privacy" => PeopleAnswers.Privacy(device, iq, rules),
            "w:p" or "urn:xmpp:ping" or "passive" or "urn:xmpp:whatsapp:dirty" => [],
            "abt" or "w" => [Node.Of("props", [("hash", "1"), ("refresh", 86400), ("refresh_id", 1)])],
            "blocklist" => _people.Blocklist(device, iq),
            "w:sync:app:state" => [_appState.Answer(device, iq)],
            "w:profile:picture" => _people.Picture(device, iq, out refused),
            "status" => _people.About(device, iq),
            "disappearing_mode" => PeopleAnswers.Disappearing(device, iq),
            "w:biz" => _people.Business(iq),
            "w:m" => [media.Describe()],
            "w:mex" => MexAnswers.Answer(device, iq, rules, _channels),
            "newsletter" => Channel(device, iq, out refused),
            "md" or "tos" => [],
            _ => null,
        };
        if (refused is var (code, text)) return Error(iq, code, text);
        if (children is null) return Error(iq, 501, "feature-not-implemented");
        return Node.Of("iq", [("id", iq["id"]), ("type", "result"), ("from", Jid.Service), ("t", time.GetUtcNow().ToUnixTimeSeconds())], children);
    }

    public static Node Error(Node iq, int code, string text) =>
        Node.Of("iq", [("id", iq["id"]), ("type", "error"), ("from", Jid.Service)], Node.Of("error", [("code", code), ("text", text)]));

    private Node[]? Channel(SimDevice device, Node iq, out (int, string)? refused)
    {
        refused = null;
        try
        {
            return _channels.Answer(device, iq);
        }
        catch (ChannelRefusal e)
        {
            refused = (e.Code, e.Message);
            return null;
        }
    }

    private Node[] Tokens(SimDevice device, Node iq)
    {
        foreach (var token in iq.Child("tokens")?.ChildrenOf("token") ?? [])
        {
            if (token.JidOf("jid") is not { } jid || directory.Find(jid) is not { } account) continue;
            var bytes = System.Security.Cryptography.RandomNumberGenerator.GetBytes(16);
            device.Account.GivenTokens[Convert.ToHexString(bytes)] = true;
            foreach (var peer in account.Devices)
            {
                peer.Push(Node.Of("notification",
                    [("id", Guid.NewGuid().ToString("N")), ("from", device.Account.Phone), ("sender_lid", device.Account.Lid), ("type", "privacy_token"), ("t", time.GetUtcNow().ToUnixTimeSeconds())],
                    Node.Of("tokens", Node.OfBytes("token", [("type", "trusted_contact"), ("t", time.GetUtcNow().ToUnixTimeSeconds())], bytes))));
            }
        }

        return [];
    }
}
