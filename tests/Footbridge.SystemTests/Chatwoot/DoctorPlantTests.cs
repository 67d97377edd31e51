using System.Globalization;
using System.Net;
using Footbridge.Server.Config;
using Footbridge.SystemTests.Dashboard;
using Microsoft.Data.Sqlite;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>The doctor looks at what this server itself needs: each part is broken, found with its repair, and found well again.</summary>
public sealed class DoctorPlantTests : DoctorTest
{
    private static readonly Dictionary<string, DoctorCase<DoctorPlantTests>> Cases = new()
    {
        ["database"] = new(t => t.LockDatabase(), "was not done within 5 s", "used by no other program", t => t._lock!.Dispose()),
        ["disk"] = new(t => t.Settings.MinFreeMegabytes = 100_000_000, "MiB are free", "Make room", t => t.Settings.MinFreeMegabytes = 1),
        ["ffmpeg"] = new(t => t.Settings.Media.Ffmpeg = "/nowhere/ffmpeg", "/nowhere/ffmpeg is not installed", "Install ffmpeg", t => t.Settings.Media.Ffmpeg = "ffmpeg"),
        ["upload-limit"] = new(t => t.Settings.ChatwootMaxFileMegabytes = 5, "5 MiB", "Raise MAXIMUM_FILE_UPLOAD_SIZE", t => t.Settings.ChatwootMaxFileMegabytes = 40),
        ["public-address"] = new(_ => { }, "to their own computers", "WAHA_BASE_URL", t => t.Settings.PublicUrl = $"http://{Dns.GetHostName()}:{t.World.Product.Url.Port}"),
        ["public-address: every address"] = new(t => t.Settings.PublicUrl = "http://0.0.0.0:3000", "to their own computers", "WAHA_BASE_URL", t => t.Settings.PublicUrl = "http://bridge.localdomain"),
        ["file-links"] = new(t => t.Settings.PublicUrl = t.Chatwoot.BaseUrl.ToString().TrimEnd('/'), "answers 404", "docs/https.md", t => t.LeadHere()),
        ["file-links: to nobody"] = new(t => t.Settings.PublicUrl = "http://127.0.0.1:1", "cannot be reached from here", "WAHA_BASE_URL", t => t.LeadHere()),
        ["file-links: to somebody else"] = new(t => t.LeadElsewhereAsync(), "somebody else answers", "docs/https.md", t => t.LeadHereAsync()),
        ["time-zone"] = new(t => t.Settings.TimeZone = "Europe/Atlantis", "'Europe/Atlantis', which is not known here", "Europe/Berlin", t => t.Settings.TimeZone = "Europe/Berlin"),
        ["comparison"] = new(t => t.Settings.ReconcileInterval = TimeSpan.Zero, "is switched off", "FOOTBRIDGE_RECONCILE_SECONDS", t => t.Settings.ReconcileInterval = TimeSpan.FromSeconds(60)),
    };

    private SqliteConnection? _lock;
    private FileServer? _elsewhere;

    public static TheoryData<string> Names => [.. Cases.Keys];

    private Settings Settings => World.Part<Settings>();

    [Theory]
    [MemberData(nameof(Names))]
    public Task What_is_broken_is_found_with_its_repair_and_well_again_after_it(string check) => IsFoundAndMendedAsync(check, Cases[check]);

    /// <summary>Another program that has begun to write and does not end.</summary>
    private void LockDatabase()
    {
        _lock = new(new SqliteConnectionStringBuilder { DataSource = Path.Combine(World.Folder, "footbridge.db"), Pooling = false }.ToString());
        _lock.Open();
        using var begin = _lock.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();
    }

    private void LeadHere() => Settings.PublicUrl = World.Product.Url.ToString().TrimEnd('/');

    private async Task LeadElsewhereAsync()
    {
        _elsewhere = await FileServer.StartAsync(Ct);
        _elsewhere.Files["/ping"] = _ => Task.CompletedTask;
        Settings.PublicUrl = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_elsewhere.Url.Port}");
    }

    private async Task LeadHereAsync()
    {
        await _elsewhere!.DisposeAsync();
        LeadHere();
    }
}
