using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Connection;

/// <summary>What to do after a connection ended.</summary>
internal enum AfterEnd
{
    ReconnectAtOnce,
    ReconnectLater,

    /// <summary>Stay away until somebody acts; credentials stay.</summary>
    Stop,

    /// <summary>Stay away for <see cref="ConnectionEnd.Pause"/>, then go on.</summary>
    Pause,

    /// <summary>Learn of a newer web version, and go on with it.</summary>
    RefreshVersion,

    /// <summary>Stay away, and wipe the credentials: the account no longer knows this device.</summary>
    Erase,
}

/// <summary>Why a connection ended and what follows. Source: docs/protocol/connection.md.</summary>
internal sealed record ConnectionEnd(AfterEnd Then, DisconnectReason Reason, string Detail)
{
    private static readonly TimeSpan MaxBan = TimeSpan.FromDays(366);

    /// <summary>How long to stay away, with <see cref="AfterEnd.Pause"/>.</summary>
    public TimeSpan Pause { get; init; }

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
            _ when error.Child("ack") is { } ack => Lost($"WhatsApp gave up waiting for the ack of {ack["id"]}"),
            _ when error.Child("xml-not-well-formed") is not null => Lost("WhatsApp could not read what we sent"),
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
            "402" => Banned(failure),
            "403" => new(AfterEnd.Erase, DisconnectReason.LoggedOut, Join("the account's phone is gone or locked (403)", failure["logout_message_header"], failure["logout_message_subtext"])),
            "405" => new(AfterEnd.RefreshVersion, DisconnectReason.ClientOutdated, "WhatsApp refuses this web version (405)"),
            "406" => new(AfterEnd.Erase, DisconnectReason.Banned, "the account is banned (406)"),
            "500" or "501" or "503" => Lost($"WhatsApp's server failed ({reason})"),
            _ => new(AfterEnd.Stop, DisconnectReason.Rejected, $"WhatsApp refuses the login ({reason})"),
        };
    }

    private static ConnectionEnd Banned(Node failure)
    {
        var why = failure["code"] switch
        {
            "101" => "too many messages to people who do not have the number in their contacts",
            "102" => "too many people blocked the number",
            "103" => "too many groups with people who do not have the number in their contacts",
            "104" => "the same message to too many people",
            "106" => "too many messages to a broadcast list",
            var code => $"code {code ?? "not given"}",
        };
        var detail = $"temporary ban (402): {why}";
        if (failure.LongOf("expire") is not { } expire || expire <= 0 || expire > MaxBan.TotalSeconds) return new(AfterEnd.Stop, DisconnectReason.TemporaryBan, detail);
        return new(AfterEnd.Pause, DisconnectReason.TemporaryBan, detail) { Pause = TimeSpan.FromSeconds(expire) };
    }

    private static string Join(params string?[] parts) => string.Join(": ", parts.Where(part => !string.IsNullOrEmpty(part)));
}
