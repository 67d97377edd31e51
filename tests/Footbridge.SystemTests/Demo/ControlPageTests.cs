using System.Text.RegularExpressions;
using Footbridge.Simulator.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Footbridge.SystemTests.Demo;

/// <summary>docs/simulator.md, held to the routes there are.</summary>
public sealed partial class ControlPageTests
{
    [Fact]
    public async Task Every_route_of_the_control_api_stands_in_its_page_and_the_other_way_round()
    {
        await using var world = await SimulatedWorld.StartAsync(0, 0, TimeProvider.System, TestContext.Current.CancellationToken);
        await using var web = WebApplication.CreateSlimBuilder().Build();
        new ControlApi(world).Map(web);
        new FilesApi(world).Map(web);
        new LiveState(world, () => null, CancellationToken.None).Map(web);
        var routes = ((IEndpointRouteBuilder)web).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(route => $"{Assert.Single(route.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods)} {Plain(route.RoutePattern.RawText!)}");
        var page = Row().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/simulator.md"), TestContext.Current.CancellationToken))
            .Select(m => $"{m.Groups[1].Value} {Plain(m.Groups[2].Value)}");
        Assert.Equal(routes.Order(StringComparer.Ordinal), page.Order(StringComparer.Ordinal));
    }

    /// <summary>Without the names of parameters.</summary>
    private static string Plain(string route) => Parameter().Replace(route.TrimEnd('/'), "{}");

    [GeneratedRegex(@"^\| `([A-Z]+) (/api/[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
