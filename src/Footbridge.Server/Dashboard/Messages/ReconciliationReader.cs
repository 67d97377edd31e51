using Footbridge.Server.Apps;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Dashboard.Messages;

/// <summary>One direction of one app's account.</summary>
public sealed record AccountView(string Title, IReadOnlyList<(string Name, long Count)> Numbers, IReadOnlyList<DeliveryLine> Problems, IReadOnlyList<DeliveryLine> Waiting, IReadOnlyList<string> Missing);

/// <param name="LastPass">When the app was last compared with its Chatwoot and what came of it.</param>
public sealed record AppAccountView(string App, string Session, string LastPass, IReadOnlyList<AccountView> Directions);

public sealed record ReconciliationView(TimeSpan Period, IReadOnlyList<AppAccountView> Apps);

/// <summary>What became of everything, app by app.</summary>
internal sealed class ReconciliationReader(AppRegistry apps, Reconciliation reconciliation, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(24);

    public async Task<ReconciliationView> ReadAsync(CancellationToken ct)
    {
        var (now, views) = (time.GetUtcNow(), new List<AppAccountView>());
        foreach (var app in apps.All) views.Add(await ReadAsync(app, now, ct));
        return new(Period, views);
    }

    private async Task<AppAccountView> ReadAsync(AppRecord app, DateTimeOffset now, CancellationToken ct)
    {
        var report = await reconciliation.ReportAsync(app.Id, now - Period, now, ct);
        return new(app.Id, app.Session, Describe(report.LastPass), [View(DeliveryDirection.ToChatwoot, report.ToChatwoot), View(DeliveryDirection.ToWhatsApp, report.ToWhatsApp)]);
    }

    private static AccountView View(DeliveryDirection direction, DirectionAccount account) => new(
        MessageReader.Direction(direction),
        [
            ("received", account.Received), ("delivered", account.Delivered), ("pending", account.Pending), ("quarantined", account.Quarantined), ("dropped", account.Dropped), ("missing", account.Missing),
        ],
        [.. account.Problems.Select(MessageReader.Line)],
        [.. account.Waiting.Select(MessageReader.Line)],
        [.. account.MissingJobs.Select(id => $"job {id}"), .. account.MissingMessages.Select(m => $"Chatwoot message {m.CwId} of conversation {m.Conversation}, {Frame.Say.Moment(m.CreatedAt)}, whose callback has not come yet")]);

    private static string Describe(PassResult? pass) => pass is null ? "not compared with Chatwoot yet"
        : pass.Error is { } error ? $"the comparison with Chatwoot at {Frame.Say.Moment(pass.At)} did not get through: {error}"
        : $"compared with Chatwoot at {Frame.Say.Moment(pass.At)}: {pass.Messages} messages of {pass.Conversations} conversations, {pass.Found} found that had not reached us";
}
