namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>Where jobs find their apps.</summary>
internal interface IAppSource
{
    /// <summary>An app as it is now (over HTTP: a second ago at most), or null.</summary>
    ValueTask<AppRecord?> FindAsync(string id, CancellationToken ct);
}
