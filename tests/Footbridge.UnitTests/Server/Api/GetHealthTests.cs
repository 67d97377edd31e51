using Footbridge.Server.Api.Observability;

namespace Footbridge.UnitTests.Server.Api;

public sealed class GetHealthTests
{
    [Theory]
    [InlineData(104_857_600, "up", 200)]
    [InlineData(104_857_599, "down", 503)]
    public void A_disk_is_full_below_100_megabytes_unless_it_is_set_otherwise(long free, string state, int status)
    {
        var space = GetHealth.Space("./data", "/", free, new Footbridge.Server.Config.Settings().MinFreeBytes);
        Assert.Equal($$"""{"status":"{{state}}","path":"./data","diskPath":"/","free":{{free}},"threshold":104857600}""", space.ToJsonString());
        Assert.Equal(status, GetHealth.Report(("sessionsFiles.space", space)).Status);
    }

    [Fact]
    public void What_is_down_stands_under_error_and_everything_under_details()
    {
        var (status, body) = GetHealth.Report(("a", new() { ["status"] = "up" }), ("b", new() { ["status"] = "down" }));
        Assert.Equal(503, status);
        Assert.Equal("""{"status":"error","info":{"a":{"status":"up"}},"error":{"b":{"status":"down"}},"details":{"a":{"status":"up"},"b":{"status":"down"}}}""", body.ToJsonString());
    }
}
