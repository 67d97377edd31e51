using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Connection;

/// <summary>What to do after a connection ended.</summary>
internal enum AfterEnd
{
    ReconnectAtOnce,
    ReconnectLater,

    /// <summary>Stay away until somebody acts; credentials stay.</summary>
    Stop,

    /// <summary>Stay away, and wipe the credentials: the account no longer knows this device.</summary>
    Erase,
}

/// <summary>Why a connection ended and what follows. Source: docs/protocol/connection.md.</summary>
internal sealed record ConnectionEnd(AfterEnd Then, DisconnectReason Reason, string Detail)
{
    public static ConnectionEnd Lost(string detail) => new(AfterEnd.ReconnectLater, DisconnectReason.TooManyFailures, detail);

    /// <summary>What a <c>stream:error</c> means.</summary>
    public static ConnectionEnd OfStreamError(Node error)
    {
        var conflict = error.Child("conflict")?["type"];
        return (error["code"], conflict) switch
        {
            (_, "replaced") => new(AfterEnd.Stop, DisconnectReason.Replaced, "another connection uses the same credentials"),
            (_, "device_removed") or ("401", _) => new(AfterEnd.Erase, DisconnectReason.LoggedOut, "the device was removed from the account"),
            ("515", _) => new(AfterEnd.ReconnectAtOnce, DisconnectReason.TooManyFailures, "WhatsApp asked for a restart"),
            ("516", _) => new(AfterEnd.Erase, DisconnectReason.LoggedOut, "WhatsApp logged the device out"),
            var (code, _) when error.Child("ack") is not null => Lost($"WhatsApp gave up waiting for an ack (stream error {code})"),
            var (code, _) => Lost($"stream error {code ?? error.Children.FirstOrDefault()?.Tag ?? "without a code"}"),
        };
    }

    /// <summary>What a <c>failure</c> instead of <c>success</c> means.</summary>
    public static ConnectionEnd OfFailure(Node failure)
    {
        var reason = failure["reason"] ?? "";
        return reason switch
        {
            "401" => new(AfterEnd.Erase, DisconnectReason.LoggedOut, "WhatsApp does not know this device any more (401)"),
            "402" => new(AfterEnd.Stop, DisconnectReason.TemporaryBan, $"temporary ban {failure["code"]}, ends in {failure["expire"]} s"),
            "403" => new(AfterEnd.Erase, DisconnectReason.LoggedOut, "the account's phone is gone or locked (403)"),
            "405" => new(AfterEnd.Stop, DisconnectReason.ClientOutdated, "WhatsApp refuses this web version (405)"),
            "406" => new(AfterEnd.Erase, DisconnectReason.Banned, "the account is banned (406)"),
            "500" or "501" or "503" => Lost($"WhatsApp's server failed ({reason})"),
            _ => new(AfterEnd.Stop, DisconnectReason.Rejected, $"WhatsApp refuses the login ({reason})"),
        };
    }
}
