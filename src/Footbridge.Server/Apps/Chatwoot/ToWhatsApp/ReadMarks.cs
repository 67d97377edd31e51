using System.Collections.Concurrent;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

/// <summary>Whoever answers has read: with an agent's answer the customer's earlier messages become read on WhatsApp.</summary>
/// <remarks>How far a conversation is read is only kept in memory; after a restart the newest messages are told again, which is harmless.</remarks>
internal sealed class ReadMarks(IJobState state, IMessageGate messages)
{
    private const int MaxAtOnce = 100;
    private readonly ConcurrentDictionary<(string App, long Conversation), long> _readUpTo = new();

    /// <param name="answer">The answer's id in Chatwoot.</param>
    public async Task MarkAsync(string session, string app, long conversation, long answer, Jid chat, CancellationToken ct)
    {
        var ids = await state.IncomingAsync(app, conversation, (_readUpTo.GetValueOrDefault((app, conversation)), answer), MaxAtOnce, ct);
        if (ids.Count > 0) await messages.MarkReadAsync(session, chat, ids, ct);
        _readUpTo[(app, conversation)] = answer;
    }
}
