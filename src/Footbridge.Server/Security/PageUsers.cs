using System.Net;
using Footbridge.Server.Config;

namespace Footbridge.Server.Security;

/// <summary>The people who may open the pages: one who acts, and one who only looks when there is a password for that.</summary>
internal sealed class PageUsers(Settings settings, Secrets secrets, TimeProvider time)
{
    private readonly Guesses _guesses = new(time);

    /// <inheritdoc cref="Secrets.Stamp"/>
    public string Stamp(Visitor visitor) => secrets.Stamp(visitor);

    /// <summary>Looks a name and password up. An address that has guessed too often is not answered for a while, right or wrong.</summary>
    public PageLogin LogIn(IPAddress? from, string name, string password)
    {
        var address = from ?? IPAddress.None;
        if (_guesses.Wait(address) is { } wait) return new(null, wait);
        var isActor = Secrets.AreSame(name, settings.DashboardUser) & secrets.IsPassword(password);
        var isViewer = Secrets.AreSame(name, settings.ViewerUser) & secrets.IsViewerPassword(password);
        if (isActor) return new(new(settings.DashboardUser, CanAct: true), null);
        if (isViewer) return new(new(settings.ViewerUser, CanAct: false), null);
        _guesses.Count(address);
        return new(null, null);
    }
}

/// <summary>What came of a login.</summary>
/// <param name="Wait">How long the address has to wait before it is answered again; null when it was answered.</param>
internal readonly record struct PageLogin(Visitor? Visitor, TimeSpan? Wait);
