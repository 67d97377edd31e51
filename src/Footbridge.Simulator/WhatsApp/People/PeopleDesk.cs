namespace Footbridge.Simulator.WhatsApp.People;

/// <summary>All the server does about people beside their messages.</summary>
internal sealed class PeopleDesk(State.Directory directory, bool isEverybodyAcquainted, TimeProvider time)
{
    public PersonNotices Notices { get; } = new(directory, time) { IsEverybodyAcquainted = isEverybodyAcquainted };

    public PresenceRouter Presence { get; } = new(directory, time);

    public CallRouter Calls { get; } = new(directory, time);

    public PictureBook Pictures { get; } = new();

    /// <summary>Where pictures are served; known once the server listens.</summary>
    public Uri PicturesUrl { get; set; } = new("http://127.0.0.1/pictures/");

    /// <summary>When set, lookups of numbers are refused with this many seconds to wait.</summary>
    public int? LookupBackoffSeconds { get; set; }
}
