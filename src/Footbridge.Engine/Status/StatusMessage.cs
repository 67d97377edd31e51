using Footbridge.Engine.Messages;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Status;

/// <summary>A story to post.</summary>
/// <param name="Id">Chosen by the caller before the first try (<see cref="MessageIds"/>).</param>
/// <param name="Audience">Who may see it, by phone or LID, without device; the account's own devices get it in any case.</param>
/// <param name="Setting">Which privacy setting chose the audience.</param>
public sealed record StatusMessage(string Id, Message Content, IReadOnlyCollection<Jid> Audience, StatusSetting Setting = StatusSetting.Contacts);

/// <summary>How the account decides who sees its stories.</summary>
public enum StatusSetting
{
    Contacts,
    AllowList,
    DenyList,
}
