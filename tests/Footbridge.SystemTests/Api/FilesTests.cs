using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Media;
using Footbridge.Simulator.WhatsApp.Media;
using Footbridge.Simulator.WhatsApp.Phone;
using Microsoft.Extensions.DependencyInjection;

namespace Footbridge.SystemTests.Api;

/// <summary>Files of messages from WhatsApp, by the address that their event names.</summary>
public sealed class FilesTests : IAsyncLifetime
{
    private static readonly byte[] Picture = RandomNumberGenerator.GetBytes(50_000);
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));
    private World _world = null!;
    private FakePhone _customer = null!;
    private FakePhone _shop = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync(Ct);
        _customer = _world.WhatsApp.AddAccount("5511900000001", "Ana Example");
        _shop = _world.WhatsApp.AddAccount("5511900000099", "Shop");
        await _world.LinkAsync("shop", _shop, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task A_file_is_fetched_when_its_message_arrives_and_given_as_what_it_is()
    {
        var name = await ArriveAsync();
        await FetchedAsync();
        using var response = await _world.Api.GetAsync($"/api/files/shop/{name}", Ct);
        Assert.Equal(Picture, await response.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal("image/jpeg", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("inline", response.Content.Headers.ContentDisposition!.DispositionType);
        Assert.True(response.Headers.CacheControl!.Private);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Single(_world.WhatsApp.Media.Requests);
        Assert.Equal(Picture, await _world.Api.GetByteArrayAsync($"/api/files/{name}", Ct));
    }

    [Fact]
    public async Task A_part_of_a_file_is_given_when_a_part_is_asked_for()
    {
        var name = await ArriveAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/files/shop/{name}") { Headers = { Range = new RangeHeaderValue(100, 199) } };
        using var response = await _world.Api.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(Picture[100..200], await response.Content.ReadAsByteArrayAsync(Ct));
    }

    [Fact]
    public async Task Who_asks_before_the_file_is_here_waits_for_it()
    {
        var (asked, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _world.WhatsApp.Media.Gate = go.Task;
        _world.WhatsApp.Media.Arrived += () => asked.TrySetResult();
        var name = await ArriveAsync();
        await asked.Task.WaitAsync(Ct);
        var early = _world.Api.GetByteArrayAsync($"/api/files/shop/{name}", Ct);
        Assert.False(early.IsCompleted);
        go.SetResult();
        Assert.Equal(Picture, await early);
        Assert.Single(_world.WhatsApp.Media.Requests);
    }

    [Fact]
    public async Task A_document_keeps_its_name_and_is_never_shown_as_a_page_of_ours()
    {
        var id = _customer.Media.SendDocument(_shop.Number.User, "<script>"u8.ToArray(), "Preisliste ü \"1\".html", "text/html");
        var name = await NameAsync(id);
        using var response = await _world.Api.GetAsync($"/api/files/shop/{name}", Ct);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("Preisliste ü \"1\".html", response.Content.Headers.ContentDisposition.FileNameStar);
        Assert.Contains("sandbox", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_whose_time_here_is_over_is_deleted_and_fetched_again_even_from_the_phone()
    {
        var name = await ArriveAsync();
        await FetchedAsync();
        await AgeAsync(name);
        Assert.Equal(1, await Sweeper.SweepAsync(Ct));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_world.Settings().FilesFolder, "shop")));
        foreach (var path in _world.WhatsApp.Media.Paths) _world.WhatsApp.Media.Expire(path);
        Assert.Equal(Picture, await _world.Api.GetByteArrayAsync($"/api/files/shop/{name}", Ct));
    }

    [Fact]
    public async Task A_file_that_cannot_be_had_says_why_and_is_tried_again_when_asked_for_again()
    {
        _world.WhatsApp.Media.Fault = _ => new MediaFault.Status(410);
        _shop.Media.Answer = MediaAnswer.HasItNoMore;
        var name = await ArriveAsync();
        var (_, body) = await _world.Api.GetAsync($"/api/files/shop/{name}", 404, Ct);
        Assert.Equal((404, "FILE_NOT_FOUND", "File not found"), (body!["error"]!["code"]!.GetValue<int>(), body["error"]!["key"]!.ToString(), body["error"]!["message"]!.ToString()));
        Assert.Contains("410", body["error"]!["details"]!.ToString(), StringComparison.Ordinal);
        _world.WhatsApp.Media.Fault = null;
        Assert.Equal(Picture, await _world.Api.GetByteArrayAsync($"/api/files/shop/{name}", Ct));
    }

    [Fact]
    public async Task Names_that_are_no_files_are_not_found_wherever_they_point()
    {
        var name = await ArriveAsync();
        await _world.Api.GetAsync("/api/files/shop/nothing.jpg", 404, Ct);
        await _world.Api.GetAsync($"/api/files/other/{name}", 404, Ct);
        await _world.Api.GetAsync("/api/files/shop/..%2F..%2Ffootbridge.db", 404, Ct);
        _world.Api.DefaultRequestHeaders.Clear();
        await _world.Api.GetAsync($"/api/files/shop/{name}", 401, Ct);
    }

    [Fact]
    public async Task A_restart_loses_no_file_fetches_what_waits_and_clears_what_a_crash_left()
    {
        var first = await ArriveAsync();
        await FetchedAsync();
        _world.WhatsApp.Media.Fault = _ => new MediaFault.Stalled();
        var second = await ArriveAsync();
        await _world.Product.DisposeAsync();
        var folder = Path.Combine(_world.Settings().FilesFolder, "shop");
        await File.WriteAllTextAsync(Path.Combine(folder, "left.part"), "half", Ct);
        File.Delete(Path.Combine(folder, first));
        _world.WhatsApp.Media.Fault = null;
        await _world.StartProductAsync(Ct);
        await _world.WaitStatusAsync("shop", "WORKING", Ct);
        Assert.False(File.Exists(Path.Combine(folder, "left.part")));
        Assert.Equal(Picture, await _world.Api.GetByteArrayAsync($"/api/files/shop/{first}", Ct));
        Assert.Equal(Picture, await _world.Api.GetByteArrayAsync($"/api/files/shop/{second}", Ct));
    }

    [Fact]
    public async Task A_session_that_is_deleted_takes_its_files_along()
    {
        var name = await ArriveAsync();
        await FetchedAsync();
        await _world.Api.ExpectAsync(HttpMethod.Delete, "/api/sessions/shop", null, 200, Ct);
        Assert.False(Directory.Exists(Path.Combine(_world.Settings().FilesFolder, "shop")));
        await _world.Api.GetAsync($"/api/files/shop/{name}", 404, Ct);
    }

    private MediaSweeper Sweeper => _world.Product.Services.GetRequiredService<MediaSweeper>();

    private SqliteDatabase Database => _world.Product.Services.GetRequiredService<SqliteDatabase>();

    private Task<string> ArriveAsync() => NameAsync(_customer.Media.SendImage(_shop.Number.User, Picture, "look"));

    /// <summary>The name in the address of a message's file; it is durable before WhatsApp is told that the message is here.</summary>
    private async Task<string> NameAsync(string messageId)
    {
        await _world.WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "receipt" && s.Node["id"] == messageId, Ct);
        return Database.Read(c => c.QueryFirst("SELECT file FROM media_files WHERE message_id = ?1", row => row.GetString(0), messageId))!;
    }

    /// <summary>Asking waits for the fetch that is on its way.</summary>
    private async Task FetchedAsync()
    {
        foreach (var name in Database.Read(c => c.Query("SELECT file FROM media_files", row => row.GetString(0))))
        {
            using var response = await _world.Api.GetAsync($"/api/files/shop/{name}", Ct);
            response.EnsureSuccessStatusCode();
        }
    }

    private Task AgeAsync(string name) => Database.WriteAsync(c => c.Execute("UPDATE media_files SET stored = 1 WHERE file = ?1", name), Ct);
}
