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
        var encryption = await context.Loop.RunAsync(stop => EncryptionAddressesAsync(people, lists, stop), ct);
        var devices = new List<Recipient>();
        foreach (var person in people)
        {
            if (!lists.TryGetValue(person, out var list)) continue;
            devices.AddRange(list.Devices.Select(number => new Recipient(person.WithDevice(number), encryption[person].WithDevice(number))).Where(device => device.Wire != own));
        }

        return new(own, devices);
    }

    private async ValueTask<Dictionary<Jid, Jid>> EncryptionAddressesAsync(
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
