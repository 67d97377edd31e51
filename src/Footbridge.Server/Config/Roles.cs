namespace Footbridge.Server.Config;

/// <summary>What a process does.</summary>
[Flags]
internal enum Roles
{
    None = 0,

    /// <summary>Answers HTTP: the API, Chatwoot's callbacks, the dashboards.</summary>
    Api = 1,

    /// <summary>Runs jobs.</summary>
    Worker = 2,

    /// <summary>Holds WhatsApp sessions.</summary>
    Session = 4,

    All = Api | Worker | Session,
}
