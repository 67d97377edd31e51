using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;

namespace Footbridge.Server.Sessions;

/// <summary>Kinds of chats a session takes no notice of (<c>config.ignore</c>); a kind that is not named follows the environment's default.</summary>
internal sealed class IgnoreRules(JsonObject? config)
{
    public bool Covers(Jid chat, IgnoreDefaults defaults) => chat switch
    {
        _ when chat == Jid.Status => Flag("status") ?? defaults.Status,
        { Server: JidServer.Broadcast } => Flag("broadcast") ?? defaults.Broadcast,
        { IsGroup: true } => Flag("groups") ?? defaults.Groups,
        { Server: JidServer.Newsletter } => Flag("channels") ?? defaults.Channels,
        _ => false,
    };

    private bool? Flag(string name) => config?[name]?.ToString() switch
    {
        "true" => true,
        "false" => false,
        _ => null,
    };
}

/// <summary>What is ignored in sessions that do not say otherwise. Filled from the <c>WAHA_SESSION_CONFIG_IGNORE_*</c> variables.</summary>
internal sealed class IgnoreDefaults
{
    public bool Status { get; set; }

    public bool Groups { get; set; }

    public bool Channels { get; set; }

    public bool Broadcast { get; set; }
}
