using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Engine.Groups;

/// <summary>Messages to groups. Source: docs/protocol/groups.md.</summary>
internal sealed class GroupRoute(AccountContext context) : ISendRoute
{
    private const int StaleAddressing = 421;
    private readonly SenderKeySending _sending = new(context);
    private readonly AudienceFinder _finder = new(context);

    public bool Carries(Jid chat) => chat.IsGroup;

    public async Task<Leaving> LetLeaveAsync(OutgoingMessage message, CancellationToken ct)
    {
        var group = await FindAsync(message.To, ct);
        var own = context.Link.Me.Address(group.IsLidAddressed);
        if (!group.Members.Any(member => member.Person.Address.IsSameUser(own))) throw new SendFailedException("the account is not a member of the group", 403);
        var audience = await _finder.FindAsync([.. group.Members.Select(member => member.Person.Address).Distinct()], own, ct);
        var traits = MessageTraits.Of(message.Content);
        var reporting = Reporting.NodeFor(message, traits, message.Content.ToByteArray(), own, message.To);
        return await _sending.LetLeaveAsync(message, audience, keyed => GroupStanzas.Message(
            message, traits, keyed, audience.Hash, group.IsLidAddressed ? "lid" : "pn",
            [.. MessageStanzas.Tail(traits, keyed.NeedsIdentity ? context.Link.Credentials.SignedIdentity : null), reporting]), ct);
    }

    public async Task AckedAsync(OutgoingMessage message, Node ack, CancellationToken ct)
    {
        if (!await _sending.AckedAsync(message, ack, ct)) Forget(message.To);
    }

    public bool IsWorthAnotherTry(OutgoingMessage message, int code)
    {
        if (code != StaleAddressing) return false;
        Forget(message.To);
        return true;
    }

    private async Task<GroupInfo> FindAsync(Jid chat, CancellationToken ct)
    {
        try
        {
            return await context.Groups.GetAsync(chat, ct);
        }
        catch (QueryFailedException e) when (e.Code is 401 or 403 or 404)
        {
            throw new SendFailedException($"the group cannot be written to: {e.Code} {e.Text}", e.Code);
        }
    }

    /// <summary>The server knows other participants or devices than we do: the next message asks for both again.</summary>
    private void Forget(Jid chat)
    {
        foreach (var member in context.Groups.Find(chat)?.Members ?? []) context.Devices.Forget(member.Person.Address);
        context.Groups.Forget(chat);
    }
}
