namespace Footbridge.Simulator.Chatwoot.State;

/// <summary>What Chatwoot's versions do differently, as far as a bridge sees it. Source: the changes between its release tags.</summary>
internal sealed record SimProfile(Version Version)
{
    public static SimProfile Newest { get; } = new(new Version(4, 15, 1));

    /// <summary>A look-up compares a number with or without its plus sign; before, the sign was put before whatever came.</summary>
    public bool TakesPlusInFilters => Version >= new Version(4, 7, 0);

    /// <summary>A look-up sees only contacts with an e-mail, phone or identifier.</summary>
    public bool FindsOnlyIdentified => Version >= new Version(4, 7, 0);

    /// <summary>Any key of <c>content_attributes</c> is kept; before, <c>in_reply_to</c> and <c>items</c> alone.</summary>
    public bool KeepsAttributes => Version >= new Version(4, 9, 0);

    /// <summary>Longest <c>source_id</c> of a message, in characters.</summary>
    public int MaxSourceId => Version >= new Version(4, 9, 0) ? 20_000 : 255;

    /// <summary>Inboxes have secrets that callbacks are signed with.</summary>
    public bool Signs => Version >= new Version(4, 13, 0);

    /// <summary>Files carry their type and extension.</summary>
    public bool DescribesFiles => Version >= new Version(4, 13, 0);

    /// <summary>Callbacks leave out backslashes before line ends.</summary>
    public bool CutsBackslashes => Version >= new Version(4, 13, 0);

    /// <summary>Callbacks go to private addresses, too, without being told that they may.</summary>
    public bool CallsPrivateAddresses => Version < new Version(4, 14, 0);

    /// <summary>Addresses of sound ask to be played.</summary>
    public bool PlaysSound => Version >= new Version(4, 14, 0);

    /// <summary>A conversation says which account it is of.</summary>
    public bool NamesAccount => Version >= new Version(4, 14, 2);
}
