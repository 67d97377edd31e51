namespace Footbridge.Server.Security.Keys;

/// <summary>What a session's key may do; WAHA's six switches. The numbers are stored.</summary>
[Flags]
internal enum KeyActions
{
    None = 0,
    Read = 1,
    Send = 2,
    Control = 4,
    Setting = 8,
    App = 16,
    Delete = 32,

    /// <summary>Of a key that says nothing of them.</summary>
    Usual = Read | Send | Control | Setting | App,
}
