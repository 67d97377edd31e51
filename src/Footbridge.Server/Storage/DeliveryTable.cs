using System.Globalization;
using Footbridge.Jobs;
using Footbridge.Jobs.Sqlite;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage;

/// <summary>How a delivery ended.</summary>
internal readonly record struct Settlement(string JobId, DeliveryState State, int Attempts, string? Decision, long? Conversation, long? CwId)
{
    /// <summary>The lane it was the last job of, perhaps; null when that is not known.</summary>
    public string? Lane { get; init; }

    /// <summary>It sent an agent's message that others had failed to send: what they left to a person is done.</summary>
    public bool EndsEarlier { get; init; }
}

/// <summary>The statements that write deliveries, for the writer's transactions.</summary>
internal static class DeliveryTable
{
    /// <summary>Adds a delivery; false when its job's id is known already.</summary>
    /// <param name="queued">When it goes to the broker with this write; null leaves that to the pump.</param>
    public static bool Insert(SqliteConnection connection, Delivery delivery, long now, long? queued)
    {
        var job = delivery.Job;
        return connection.Execute(
            """
            INSERT INTO deliveries(job, app, direction, queue, lane, chat, conversation, wa_id, cw_id, class, received, queued, policy, payload)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) ON CONFLICT(job) DO NOTHING
            """,
            job.Id, delivery.App, (int)delivery.Direction, job.Queue, job.Lane, delivery.Chat, delivery.Conversation, delivery.WaId, delivery.CwId,
            (int)job.Class, now, queued, Text(job), job.Payload.ToArray()) > 0;
    }

    /// <summary>Ends a delivery. What needs a person keeps its payload, so that it can still be tried again.</summary>
    public static void Settle(SqliteConnection connection, in Settlement end, long now)
    {
        connection.Execute(
            """
            UPDATE deliveries SET state = ?2, settled = ?3, attempts = ?4, decision = ?5, conversation = COALESCE(?6, conversation), cw_id = COALESCE(?7, cw_id),
                payload = CASE WHEN ?2 = 3 THEN payload END
            WHERE job = ?1
            """,
            end.JobId, (int)end.State, now, end.Attempts, end.Decision, end.Conversation, end.CwId);
        if (!end.EndsEarlier) return;
        connection.Execute(
            """
            UPDATE deliveries SET state = 1, settled = ?2, decision = 'sent by a later try: ' || ?1, payload = NULL
            FROM (SELECT app AS its_app, wa_id AS its_id FROM deliveries WHERE job = ?1)
            WHERE wa_id = its_id AND app = its_app AND direction = 1 AND state = 3
            """,
            end.JobId, now);
    }

    public static void AddHop(SqliteConnection connection, string job, string kind, int? attempt, string? text, long now) => connection.Execute(
        "INSERT INTO hops(job, at, kind, attempt, text) VALUES(?1, ?2, ?3, ?4, ?5)", job, now, kind, attempt, text);

    /// <summary>The policy and the delay of a job as they are kept with its delivery.</summary>
    public static (JobPolicy Policy, TimeSpan? Delay) Policy(string text)
    {
        var parts = text.Split('/');
        return (JobPolicy.FromText(parts[0]), parts[1].Length == 0 ? null : TimeSpan.FromMilliseconds(double.Parse(parts[1], CultureInfo.InvariantCulture)));
    }

    private static string Text(JobRequest job) => string.Create(CultureInfo.InvariantCulture, $"{job.Policy.ToText()}/{job.Delay?.TotalMilliseconds:F0}");
}
