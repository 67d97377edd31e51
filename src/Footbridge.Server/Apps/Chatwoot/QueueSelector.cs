namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Which queues a person means: a group, all of them, or one by its short or full name.</summary>
internal static class QueueSelector
{
    /// <summary>The queues meant, locked ones included.</summary>
    /// <exception cref="UnknownQueueException">No queue, or more than one, has this name.</exception>
    public static IReadOnlyList<string> Select(string name)
    {
        var wanted = Plain(name);
        switch (wanted)
        {
            case "" or "all":
                return Queues.All;
            case "inbox" or "scheduled" or "task":
                return [.. Queues.All.Where(queue => Queues.GroupOf(queue) == wanted)];
            case "whatsapp" or "waha":
                return [.. Queues.All.Where(queue => Queues.GroupOf(queue) == "waha")];
        }

        var named = Queues.All.Where(queue => Plain(queue) == wanted || Plain(Queues.ShownName(queue)) == wanted).ToList();
        if (named.Count == 0) named = [.. Queues.All.Where(queue => Plain(Queues.KindOf(queue)) == wanted)];
        return named switch
        {
            [_] => named,
            [] => throw new UnknownQueueException(name, []),
            _ => throw new UnknownQueueException(name, named),
        };
    }

    // A command loses its underscores on the way, because they may be markup.
    private static string Plain(string name) =>
        string.Join(' ', name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries));
}

/// <param name="candidates">Those it could be; empty when there is none.</param>
internal sealed class UnknownQueueException(string name, IReadOnlyList<string> candidates) : Exception($"{(candidates.Count == 0 ? "No queue" : "More than one queue")} is called \"{name}\"")
{
    public string Name => name;

    /// <summary>As people write them.</summary>
    public IReadOnlyList<string> Candidates { get; } = [.. candidates.Select(Queues.ShownName)];
}
