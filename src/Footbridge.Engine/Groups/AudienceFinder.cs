using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Groups;

/// <summary>Finds the devices of people, the account's own among them, and the addresses to encrypt for. Outside the loop.</summary>
internal sealed class AudienceFinder(AccountContext context)
{
    /// <param name="people">By the kind of address the chat uses, the account itself included if its other devices are to get the message.</param>
    /// <param name="own">This device, by the same kind of address.</param>
    public async Task<Audience> FindAsync(IReadOnlyCollection<Jid> people, Jid own, CancellationToken ct)
    {
        var lists = await context.Devices.GetAsync(people, ct);
        var encryption = await context.Loop.RunAsync(stop => LearnLidsAsync(people, lists, stop), ct);
        var devices = new List<Recipient>();
        foreach (var person in people)
        {
            if (!lists.TryGetValue(person, out var list)) continue;
            devices.AddRange(list.Devices.Select(number => new Recipient(person.WithDevice(number), encryption[person].WithDevice(number))).Where(device => device.Wire != own));
        }

        return new(own, devices);
    }

    /// <summary>Each person's LID, asked for when not known, or the address as it is when there is none.</summary>
    public async Task<IReadOnlyDictionary<Jid, Jid>> FindLidsAsync(IEnumerable<Jid> people, CancellationToken ct)
    {
        List<Jid> distinct = [.. people.Select(person => person.ToUser()).Distinct()];
        var known = await context.Loop.RunAsync(stop => LearnLidsAsync(distinct, new Dictionary<Jid, DeviceLists.Entry>(), stop), ct);
        List<Jid> unknown = [.. distinct.Where(person => !known[person].IsLid)];
        if (unknown.Count == 0) return known;
        var lists = await context.Devices.GetAsync(unknown, ct);
        return await context.Loop.RunAsync(stop => LearnLidsAsync(distinct, lists, stop), ct);
    }

    private async ValueTask<Dictionary<Jid, Jid>> LearnLidsAsync(
        IReadOnlyCollection<Jid> people, IReadOnlyDictionary<Jid, DeviceLists.Entry> lists, CancellationToken ct)
    {
        var found = new Dictionary<Jid, Jid>();
        var batch = new StoreBatch();
        foreach (var person in people)
        {
            var lid = person.IsLid ? person : await context.State.TwinAsync(person, ct);
            if (lid is null && lists.GetValueOrDefault(person)?.Lid is { } told)
            {
                lid = told;
                await context.State.LearnPairAsync(person, told, PairSource.Usync, batch, ct);
            }

            found[person] = lid ?? person;
        }

        await context.Commits.CommitAsync(batch, () => { }, ct);
        return found;
    }
}
