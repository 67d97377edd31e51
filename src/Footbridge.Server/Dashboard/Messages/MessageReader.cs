using Footbridge.Jobs;
using Footbridge.Server.Dashboard.Jobs;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Dashboard.Messages;

/// <summary>A delivery as a search and the reconciliation list it.</summary>
public sealed record DeliveryLine(string JobId, string Queue, string Lane, string Direction, string State, string? Chat, long? Conversation, string? WaId, long? CwId, string? Reason, DateTimeOffset ReceivedAt);

/// <summary>What was found.</summary>
/// <param name="Job">The job of exactly this id, also when it carries no message.</param>
/// <param name="IsLane">Whether jobs wait in a lane of exactly this name.</param>
public sealed record SearchView(IReadOnlyList<DeliveryLine> Lines, JobSummary? Job, bool IsLane);

/// <summary>The way of one message.</summary>
/// <param name="Lines">The jobs that carried it or told of it.</param>
public sealed record MessageView(string Title, string? Chat, IReadOnlyList<DeliveryLine> Lines, IReadOnlyList<MessageStep> Steps);

public sealed record MessageStep(TrailStep Step, string JobId, string Queue);

/// <summary>What a message's page was asked for; its message is null when nothing is known.</summary>
public sealed record MessageAnswer(MessageView? Message);

/// <summary>Finds deliveries and messages for the pages.</summary>
internal sealed class MessageReader(Deliveries deliveries, Timeline timeline, IJobMonitor monitor)
{
    public const int MaxFound = 100;

    public async Task<SearchView> SearchAsync(string text, CancellationToken ct)
    {
        if (text.Length == 0) return new([], null, false);
        var lines = (await deliveries.SearchAsync(text, MaxFound, ct)).Select(Line);
        return new([.. lines], (await monitor.JobAsync(text, ct))?.Summary, (await monitor.LaneAsync(text, 1, ct)).Count > 0);
    }

    public async Task<MessageAnswer> FindAsync(string id, CancellationToken ct)
    {
        if (await timeline.FindAsync(id, ct) is not { } found) return new((MessageView?)null);
        var steps = found.Hops.Select(hop => new MessageStep(new(hop.At, Trail.Text(hop.Stage, hop.Attempt, hop.Text), Trail.KindOf(hop.Stage)), hop.JobId, hop.Queue));
        return new(new MessageView($"{Direction(found.Direction)}, {Word(found.State)}", found.Chat, [.. found.Jobs.Select(Line)], [.. steps]));
    }

    public static DeliveryLine Line(DeliveryRow row) => new(
        row.JobId, row.Queue, row.Lane, Direction(row.Direction), Word(row.State), row.Chat, row.Conversation, row.WaId, row.CwId, row.Reason, row.ReceivedAt);

    public static string Direction(DeliveryDirection direction) => direction switch
    {
        DeliveryDirection.ToChatwoot => "WhatsApp → Chatwoot",
        DeliveryDirection.ToWhatsApp => "Chatwoot → WhatsApp",
        _ => "WhatsApp → webhook",
    };

    private static string Word(DeliveryState state) => state.ToString().ToLowerInvariant();
}
