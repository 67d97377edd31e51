using System.Collections.Concurrent;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

/// <summary>Whoever answers has read: with an agent's answer the customer's earlier messages become read on WhatsApp.</summary>
/// <remarks>
/// How far a conversation is read is only kept in memory; after a restart the newest messages are told again, which is harmless. A bot can answer a message
/// before the map has it: each answer therefore looks back to the one before the last.
/// </remarks>
internal sealed class ReadMarks(IJobState state, IMessageGate messages)
{
    private const int MaxAtOnce = 100;
    private readonly ConcurrentDictionary<(string App, long Conversation), Reading> _readings = new();

    /// <param name="answer">The answer's id in Chatwoot.</param>
    public async Task MarkAsync(string session, string app, long conversation, long answer, Jid chat, CancellationToken ct)
    {
        var last = _readings.GetValueOrDefault((app, conversation)) ?? new(0, 0, []);
        var ids = await state.IncomingAsync(app, conversation, (last.Before, answer), MaxAtOnce, ct);
        var news = ids.Where(id => !last.Told.Contains(id)).ToList();
        if (news.Count > 0) await messages.MarkReadAsync(session, chat, news, ct);
        _readings[(app, conversation)] = new(last.Latest, answer, [.. ids]);
    }

    /// <param name="Before">The answer before the latest one.</param>
    /// <param name="Told">What has been told as read since then.</param>
    private sealed record Reading(long Before, long Latest, HashSet<string> Told);
}
