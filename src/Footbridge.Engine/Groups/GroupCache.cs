using System.Collections.Concurrent;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Groups;

/// <summary>What is known of groups in this run: asked from the server when needed, followed through notifications, dropped when in doubt.</summary>
/// <remarks>
/// Thread-safe; asks outside the loop. A change of members names the version it starts from: one that does not fit means a change was missed.
/// Source: docs/protocol/groups.md.
/// </remarks>
internal sealed class GroupCache(AccountContext context)
{
    private const int MaxCached = 1000;
    private readonly ConcurrentDictionary<Jid, GroupInfo> _groups = new();
    private int _changes;

    /// <exception cref="QueryFailedException">The server refuses: 401, 403 or 404 when the account is not a member.</exception>
    public async Task<GroupInfo> GetAsync(Jid group, CancellationToken ct) => _groups.TryGetValue(group, out var known) ? known : await FetchAsync(group, ct);

    public GroupInfo? Find(Jid group) => _groups.GetValueOrDefault(group);

    /// <summary>Asks the server whatever is known.</summary>
    /// <exception cref="QueryFailedException">The server refuses.</exception>
    /// <exception cref="ProtocolException">The answer is malformed.</exception>
    public async Task<GroupInfo> FetchAsync(Jid group, CancellationToken ct)
    {
        var before = Volatile.Read(ref _changes);
        var answer = await context.Link.QueryAsync(GroupStanzas.Info(group), context.Options.QueryTimeout, ct);
        var info = GroupParser.Parse(answer.Child("group") ?? throw new ProtocolException("a group query's answer without a group"));
        await LearnAsync([info], ct);
        Keep(info, before);
        return info;
    }

    /// <summary>All groups the account is a member of.</summary>
    /// <exception cref="QueryFailedException">The server refuses.</exception>
    public async Task<IReadOnlyList<GroupInfo>> FetchAllAsync(CancellationToken ct)
    {
        var before = Volatile.Read(ref _changes);
        var answer = await context.Link.QueryAsync(GroupStanzas.List(), context.Options.QueryTimeout, ct);
        List<GroupInfo> all = [.. (answer.Child("groups")?.ChildrenOf("group") ?? []).Select(GroupParser.Parse)];
        await LearnAsync(all, ct);
        foreach (var info in all) Keep(info, before);
        return all;
    }

    /// <summary>Notes what a query's answer told, outside the loop.</summary>
    public async Task TakeAsync(GroupInfo info, CancellationToken ct)
    {
        await LearnAsync([info], ct);
        Keep(info, Volatile.Read(ref _changes));
    }

    public void Forget(Jid group)
    {
        Interlocked.Increment(ref _changes);
        _groups.TryRemove(group, out _);
    }

    /// <summary>Changes what is known of a group, if anything is; null forgets it.</summary>
    public void Update(Jid group, Func<GroupInfo, GroupInfo?> change)
    {
        Interlocked.Increment(ref _changes);
        if (!_groups.TryGetValue(group, out var known)) return;
        if (change(known) is { } changed) _groups[group] = changed;
        else _groups.TryRemove(group, out _);
    }

    /// <summary>An answer that may be older than a notification that came meanwhile is not kept.</summary>
    private void Keep(GroupInfo info, int changesBefore)
    {
        if (_groups.Count >= MaxCached) _groups.Clear();
        if (Volatile.Read(ref _changes) == changesBefore) _groups[info.Id] = info;
    }

    /// <summary>Notes which numbers and LIDs are one person, a hundred at a time so that the loop stays free.</summary>
    private async Task LearnAsync(IEnumerable<GroupInfo> groups, CancellationToken ct)
    {
        const int AtOnce = 100;
        var pairs = groups.SelectMany(group => group.Members).Select(member => member.Person)
            .Where(person => person is { Phone: not null, Lid: not null }).Select(person => (Phone: person.Phone!.Value, Lid: person.Lid!.Value)).Distinct();
        foreach (var chunk in pairs.Chunk(AtOnce))
        {
            await context.ChangeAsync(async (batch, stop) =>
            {
                foreach (var (phone, lid) in chunk) await context.State.LearnPairAsync(phone, lid, PairSource.Group, batch, stop);
            }, ct);
        }
    }
}
