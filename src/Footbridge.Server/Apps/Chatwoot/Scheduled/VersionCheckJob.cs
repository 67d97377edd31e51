using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Api.Observability;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.Scheduled;

/// <summary>The list of versions does not answer as it should.</summary>
internal sealed class VersionFeedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Tells once of each version that is newer than this one. Nobody is asked unless the operator names an address to ask.</summary>
internal sealed class VersionCheckJob(ChatwootApps apps, IntegrationPlace integration, IJobState state, Settings settings, JobErrors errors, Decisions decisions) : IDisposable
{
    private const int MaxAnswerBytes = 1024 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false }) { Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = MaxAnswerBytes };

    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => CheckAsync(job, ScheduledData.Read(job.Payload), ct));

    public void Dispose() => _http.Dispose();

    private async Task CheckAsync(JobContext job, ScheduledData data, CancellationToken ct)
    {
        if (settings.VersionFeed is not { } feed) return;
        var (newest, page) = await ReadAsync(feed, ct);
        var own = Version.Parse(GetVersion.Describe()["footbridge"]!.ToString());
        if (Plain(newest) is not { } version || version <= own)
        {
            decisions.Say(job, $"{newest} is not newer than {own}");
            return;
        }

        var (context, known) = (await apps.OpenAsync(data.App, job.Class, ct), $"version:{version}");
        if (await state.ByWhatsAppAsync(data.App, known, ct) is not null) return;
        var conversation = await integration.ConversationAsync(context, ct);
        var text = context.Words.Say(Key.WahaNewVersionAvailable, new { currentVersion = own.ToString(), newVersion = version.ToString(), changelogUrl = page });
        var posted = await Lookback.SayOnceAsync(job.Runs > 1, context, conversation, known, new() { ["content"] = text, ["message_type"] = "incoming", ["private"] = false }, ct);
        await state.SaveMessageAsync(data.App, new(known, "", false, conversation, posted.Id, MessageMap.OfTheApp), ct);
        decisions.Say(job, $"told of {version}", conversation, posted.Id);
    }

    /// <summary>The newest version and where it is told what changed, from an answer as GitHub gives it for a project's latest release.</summary>
    private async Task<(string Version, string Page)> ReadAsync(Uri feed, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, feed);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("footbridge", GetVersion.Describe()["footbridge"]!.ToString()));
            using var response = await _http.SendAsync(request, ct);
            if (!response.IsSuccessStatusCode) throw new VersionFeedException($"the list of versions answered {(int)response.StatusCode}");
            var release = JsonNode.Parse(await response.Content.ReadAsStringAsync(ct));
            return release?["tag_name"] is JsonValue tag ? (tag.ToString(), release["html_url"]?.ToString() ?? feed.ToString()) : throw new VersionFeedException("the list of versions names none");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new VersionFeedException($"the list of versions cannot be read: {e.Message}", e);
        }
    }

    private static Version? Plain(string tag) => Version.TryParse(tag.TrimStart('v', 'V').Split('-', '+')[0], out var version) ? version : null;
}
