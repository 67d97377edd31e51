using System.Net;
using System.Text.RegularExpressions;
using Footbridge.SystemTests.Bridge;
using Footbridge.SystemTests.Jobs;

namespace Footbridge.SystemTests.Dashboard;

/// <summary>The pages in a process of its own, started as people start it, without a folder of files beside it.</summary>
public sealed class HostingTests : IDisposable
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(90));

    public void Dispose() => _timeout.Dispose();

    [Fact]
    public async Task A_process_loads_the_pages_when_somebody_opens_one_and_has_all_their_files()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("a process's memory is read from /proc");
        var folder = new TempFolder();
        await using var process = new ProductProcess(folder.FullName, new Dictionary<string, string> { ["FOOTBRIDGE_WHATSAPP_URL"] = "ws://127.0.0.1:1/" });
        await process.StartAsync(_timeout.Token);
        await process.SendAsync(HttpMethod.Get, "/api/sessions", null, _timeout.Token);
        Assert.False(process.HasLoaded("MudBlazor.dll"), "paid for without being used");

        using var asked = new HttpRequestMessage(HttpMethod.Get, "/jobs");
        asked.Headers.Accept.ParseAdd("text/html");
        using var answer = await process.Api.SendAsync(asked, _timeout.Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(process.HasLoaded("MudBlazor.dll"));
        var files = Regex.Matches(await answer.Content.ReadAsStringAsync(_timeout.Token), "(?:src|href)=\"(_assets/[^\"]+)\"").Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.Equal(6, files.Count);
        foreach (var file in files)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/" + file);
            using var got = await process.Api.SendAsync(request, _timeout.Token);
            Assert.Equal((HttpStatusCode.OK, true), (got.StatusCode, got.Content.Headers.ContentLength > 0));
            Assert.Contains("immutable", got.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }
    }
}
