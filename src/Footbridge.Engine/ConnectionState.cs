using Footbridge.Protocol.Xml;

namespace Footbridge.Engine;

/// <summary>Who the account is. <paramref name="Phone"/> and <paramref name="Lid"/> carry the own device number.</summary>
public sealed record Account(Jid Phone, Jid? Lid, string? PushName)
{
    /// <summary>Whether an address is one of the account's own, whatever its device.</summary>
    public bool Is(Jid jid) => jid.IsSameUser(Phone) || (Lid is { } lid && jid.IsSameUser(lid));

    /// <summary>The account's address of the wanted kind, with its device; the phone's while there is no LID.</summary>
    public Jid Address(bool isLid) => isLid && Lid is { } lid ? lid : Phone;
}

/// <summary>Where the connection is. Every change is told once, in order.</summary>
public abstract record ConnectionState
{
    public sealed record Stopped : ConnectionState;

    /// <summary>Dialling, in the handshake, or waiting for the next attempt.</summary>
    public sealed record Connecting(int Failures, string? LastError) : ConnectionState;

    /// <summary>A QR code is to be scanned before <paramref name="ExpiresAt"/>; told again for each further code.</summary>
    public sealed record WaitingForScan(string Qr, DateTimeOffset ExpiresAt) : ConnectionState;

    /// <summary>The phone took the code, and WhatsApp wants the account's passkey too: <see cref="WaClient.AnswerPasskeyAsync"/>.</summary>
    /// <param name="Challenge">WebAuthn's request options as JSON, for <c>navigator.credentials.get({ publicKey })</c> on WhatsApp Web's own page.</param>
    public sealed record PasskeyRequired(string Challenge) : ConnectionState;

    /// <summary>The owner is to compare this code, <c>ABCD-1234</c>, with the phone's: <see cref="WaClient.ConfirmPasskeyAsync"/>.</summary>
    public sealed record PasskeyConfirmation(string Code) : ConnectionState;

    /// <summary>Logged in, and the offline queue may still be draining.</summary>
    public sealed record Online(Account Me) : ConnectionState;

    /// <summary>The account stays away until somebody acts (<see cref="WaClient.StartAsync"/> again), or with a time in <paramref name="Until"/> goes on then by itself.</summary>
    public sealed record Failed(DisconnectReason Reason, string Detail, DateTimeOffset? Until = null) : ConnectionState;
}

/// <summary>Why the account stays away.</summary>
public enum DisconnectReason
{
    QrTimeout,
    LoggedOut,
    Replaced,
    TemporaryBan,
    ClientOutdated,
    Banned,
    Rejected,
    PairingRefused,
    TooManyFailures,
    StorageFailed,
}
