namespace Footbridge.Engine.Connection;

/// <summary>One area of WhatsApp in one run: what it takes in, and what it does at each login.</summary>
internal interface IFeature
{
    /// <summary>Adds the feature's handlers to the router.</summary>
    void Register(StanzaRouter router);

    /// <summary>Called at each login, outside the loop, once the account is online; a failed query in it is logged and costs only this feature its step.</summary>
    Task LoggedInAsync(CancellationToken ct) => Task.CompletedTask;
}
