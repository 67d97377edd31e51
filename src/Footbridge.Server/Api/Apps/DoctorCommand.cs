using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Server.Config;

namespace Footbridge.Server.Api.Apps;

/// <summary>The doctor at the command line: asks the server that runs, by its API.</summary>
/// <remarks>The key comes from the environment and not from the arguments, which every user of the machine can read.</remarks>
internal sealed class DoctorCommand(HttpClient http, TextWriter output)
{
    private const string Usage = "usage: doctor [--fix] [--url http://localhost:3000] [session or app id ...]   (WAHA_API_KEY in the environment)";
    private const int Broken = 1;
    private const int NotRun = 2;

    public static async Task<int> RunAsync(string[] arguments, Settings settings, string? plainKey, TextWriter output, CancellationToken ct)
    {
        var url = $"http://{(settings.Bind == "*" ? "127.0.0.1" : settings.Bind)}:{settings.Port}";
        List<string> names = [];
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--url" && i + 1 < arguments.Length) url = arguments[++i];
            else if (arguments[i] is not "--fix" && arguments[i].StartsWith('-')) return Complain(output, Usage);
            else if (arguments[i] is not "--fix") names.Add(arguments[i]);
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var address)) return Complain(output, Usage);
        if ((plainKey ?? settings.ApiKey) is not { } key || key.StartsWith("sha512:", StringComparison.Ordinal)) return Complain(output, $"WAHA_API_KEY (or WAHA_API_KEY_PLAIN where that is a digest) has to hold the key of the server.\n{Usage}");
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = address };
        http.DefaultRequestHeaders.Add("X-Api-Key", key);
        return await new DoctorCommand(http, output).RunAsync(names, arguments.Contains("--fix", StringComparer.Ordinal), ct);
    }

    public async Task<int> RunAsync(IReadOnlyList<string> names, bool fixes, CancellationToken ct)
    {
        try
        {
            var apps = await AppsAsync(names, ct);
            if (apps.Count == 0) return Complain(output, names.Count == 0 ? "No session has a ChatWoot app." : $"No ChatWoot app is called {string.Join(" or ", names)}, nor is one of a session of that name.");
            var isWell = true;
            foreach (var app in apps)
            {
                var path = new Uri($"/api/apps/{Uri.EscapeDataString(app)}/doctor", UriKind.Relative);
                using var answer = fixes ? await http.PostAsync(path, null, ct) : await http.GetAsync(path, ct);
                var report = await ReadAsync(answer, ct);
                Print(report!.AsObject());
                isWell &= report["ok"]!.GetValue<bool>();
            }

            return isWell ? 0 : Broken;
        }
        catch (HttpRequestException e)
        {
            return Complain(output, $"The server at {http.BaseAddress} cannot be asked: {e.Message}");
        }
    }

    private static int Complain(TextWriter output, string text)
    {
        output.WriteLine(text);
        return NotRun;
    }

    private static async Task<JsonNode?> ReadAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        var text = await answer.Content.ReadAsStringAsync(ct);
        if (!answer.IsSuccessStatusCode) throw new HttpRequestException($"{(int)answer.StatusCode} {text}");
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException e)
        {
            throw new HttpRequestException("what answers there is not this server", e);
        }
    }

    private async Task<List<string>> AppsAsync(IReadOnlyList<string> names, CancellationToken ct)
    {
        using var answer = await http.GetAsync(new Uri("/api/sessions?all=true&expand=apps", UriKind.Relative), ct);
        return [.. (await ReadAsync(answer, ct))!.AsArray().SelectMany(session => session!["apps"]?.AsArray() ?? [])
            .Where(app => app!["app"]!.ToString() == Server.Apps.AppRecord.Chatwoot)
            .Where(app => names.Count == 0 || names.Contains(app!["id"]!.ToString(), StringComparer.Ordinal) || names.Contains(app["session"]!.ToString(), StringComparer.Ordinal))
            .Select(app => app!["id"]!.ToString())];
    }

    private void Print(JsonObject report)
    {
        output.WriteLine($"Session {report["session"]}, app {report["app"]}");
        foreach (var check in report["checks"]!.AsArray())
        {
            var isFixed = check!["fixed"] is not null;
            var sign = isFixed ? "fixed" : check["state"]!.ToString() switch { "ok" => "ok", "warning" => "WARN", "failed" => "FAIL", _ => "-" };
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {sign,-5} {check["label"]}: {check["found"]}"));
            if (check["repair"] is { } repair) output.WriteLine($"        → {repair}");
        }

        var summary = report["summary"]!;
        output.WriteLine($"  {summary["ok"]} fine, {summary["warnings"]} to look at, {summary["failed"]} broken, {summary["skipped"]} not looked at, {summary["fixed"]} put right");
    }
}
