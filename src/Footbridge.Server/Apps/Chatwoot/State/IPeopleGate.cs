using Footbridge.Protocol.Xml;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <param name="Jpeg">Null when it is the one that is known.</param>
internal sealed record PictureFile(string Id, byte[]? Jpeg);

/// <summary>What jobs ask of people on WhatsApp, through the session that knows them.</summary>
internal interface IPeopleGate
{
    /// <summary>The address behind a phone number, or null when it is not on WhatsApp.</summary>
    /// <exception cref="SessionNotWorkingException">The session is not linked and connected.</exception>
    Task<Jid?> FindAccountAsync(string session, string phoneDigits, CancellationToken ct);

    /// <summary>What the account's owner calls somebody, or who does so themselves; else the phone number as <c>+5511…</c>; null when not even that is known.</summary>
    ValueTask<string?> FindNameAsync(string session, Jid person, CancellationToken ct);

    /// <summary>What the account's owner calls somebody; null for who is not in the phone's address book.</summary>
    ValueTask<string?> FindSavedNameAsync(string session, Jid person, CancellationToken ct);

    /// <summary>Every address that is on record as the same person's, the present ones first, the given one among them; none of a session that is not there.</summary>
    ValueTask<IReadOnlyList<Jid>> FindAddressesAsync(string session, Jid person, CancellationToken ct);

    /// <summary>The picture of a person, group or channel; null when there is none, or none that this account may see or have now.</summary>
    /// <param name="known">The id of one that need not be sent again.</param>
    Task<PictureFile?> FindPictureAsync(string session, Jid owner, string? known, CancellationToken ct);

    /// <summary>How many are in a group, the account among them; null when that cannot be had now.</summary>
    Task<int?> CountMembersAsync(string session, Jid group, CancellationToken ct);

    /// <summary>What a group or channel is called; null when that cannot be had now.</summary>
    Task<string?> FindChatNameAsync(string session, Jid chat, CancellationToken ct);
}
