using Footbridge.Server.Security;
using Microsoft.AspNetCore.Components.Authorization;

namespace Footbridge.Server.Dashboard.Access;

/// <summary>Who sits in front of a page: as the gate let the page, or its live connection, in.</summary>
internal sealed class Person(AuthenticationStateProvider state)
{
    public async Task<Visitor> WhoAsync() =>
        Visitor.Of((await state.GetAuthenticationStateAsync()).User) ?? throw new InvalidOperationException("The gate let somebody in without saying whom");
}
