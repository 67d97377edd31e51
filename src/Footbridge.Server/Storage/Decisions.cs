using System.Runtime.CompilerServices;
using Footbridge.Jobs;

namespace Footbridge.Server.Storage;

/// <summary>What a run came to.</summary>
/// <param name="Conversation">Where it ended up in Chatwoot, when that was not known before.</param>
internal sealed record Decision(string Text, long? Conversation, long? CwId);

/// <summary>Lets a job's code say what it decided; the ledger keeps the last word of a run that succeeds.</summary>
internal sealed class Decisions
{
    private readonly ConditionalWeakTable<JobContext, Decision> _said = [];

    public void Say(JobContext job, string text, long? conversation = null, long? cwId = null) => _said.AddOrUpdate(job, new(text, conversation, cwId));

    public Decision? Of(JobContext job) => _said.TryGetValue(job, out var decision) ? decision : null;
}
