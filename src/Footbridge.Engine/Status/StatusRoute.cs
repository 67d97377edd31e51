using System.Collections.Concurrent;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Groups;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Status;

/// <summary>Stories: under a sender key like a group's, to an audience that the caller names. Source: docs/protocol/groups.md.</summary>
/// <remarks>The audience is kept in memory only: a story that a crash left without an ack is not sent again.</remarks>
internal sealed class StatusRoute(AccountContext context, int maxKept) : ISendRoute
{
    private readonly SenderKeySending _sending = new(context);
    private readonly AudienceFinder _finder = new(context);
    private readonly ConcurrentDictionary<string, StatusMessage> _expected = new(StringComparer.Ordinal);

    public bool Carries(Jid chat) => chat == Jid.Status;

    public void Expect(StatusMessage status)
    {
        if (_expected.Count >= maxKept) _expected.Clear();
        _expected[status.Id] = status;
    }

    public async Task<Leaving> LetLeaveAsync(OutgoingMessage message, CancellationToken ct)
    {
        if (!_expected.TryGetValue(message.Id, out var status)) throw new SendFailedException("the story's audience is not known any more");
        if (status.Audience.Count == 0) throw new SendFailedException("the story has no audience");
        var me = context.Link.Me;
        // The key must not go by two addresses, so everybody is addressed by LID as soon as the account has one.
        var own = me.Lid ?? me.Phone;
        var people = (await _finder.FindLidsAsync(status.Audience, ct)).Values;
        var audience = await _finder.FindAsync([.. people.Append(own.ToUser()).Distinct()], own, ct);
        var traits = MessageTraits.Of(message.Content);
        return await _sending.LetLeaveAsync(message, audience, keyed => GroupStanzas.Status(
            message, traits, keyed, audience, context.Link.Credentials.SignedIdentity, NameOf(status.Setting)), ct);
    }

    public async Task AckedAsync(OutgoingMessage message, Node ack, CancellationToken ct)
    {
        if (_expected.TryRemove(message.Id, out var status) && !await _sending.AckedAsync(message, ack, ct))
        {
            foreach (var person in status.Audience) context.Devices.Forget(person);
        }
    }

    private static string NameOf(StatusSetting setting) => setting switch { StatusSetting.AllowList => "allowlist", StatusSetting.DenyList => "denylist", _ => "contacts" };
}
