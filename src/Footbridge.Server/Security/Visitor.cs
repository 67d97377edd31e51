using System.Security.Claims;

namespace Footbridge.Server.Security;

/// <summary>Somebody in front of the pages.</summary>
/// <param name="CanAct">False: sees everything but message texts, and changes nothing.</param>
internal sealed record Visitor(string Name, bool CanAct)
{
    private const string Act = "act";
    private const string View = "view";

    public string Role => CanAct ? Act : View;

    public ClaimsPrincipal ToPrincipal(string scheme) => new(new ClaimsIdentity([new(ClaimTypes.Name, Name), new(ClaimTypes.Role, Role)], scheme));

    /// <summary>Who stands behind a principal; null when nobody has logged in.</summary>
    public static Visitor? Of(ClaimsPrincipal principal) =>
        principal.Identity is { IsAuthenticated: true, Name: { } name } ? new(name, principal.IsInRole(Act)) : null;
}
