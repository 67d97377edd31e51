using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Engine.Messages;

/// <summary>Messages to one person: to all devices of both sides, each encrypted on its own.</summary>
/// <remarks>Asks outside the loop, encrypts and commits inside it, and lets the bytes leave after the commit. Source: docs/protocol/messages.md.</remarks>
internal sealed class DirectRoute(AccountContext context) : ISendRoute
{
    public bool Carries(Jid chat) => chat.IsUser;

    public async Task<Leaving> LetLeaveAsync(OutgoingMessage message, CancellationToken ct)
    {
        var target = await ResolveAsync(message.To, ct);
        var fetched = await context.Sealer.FetchMissingAsync(context.Loop, target.Devices, ct);
        return await Leaving.AfterAsync(context.Link, message.Id, _ => context.Loop.RunAsync(stop => EncryptAsync(message, target, fetched, stop), ct), ct);
    }

    /// <summary>Lets the other side write back without being held for a stranger.</summary>
    public Task AckedAsync(OutgoingMessage message, Node ack, CancellationToken ct)
    {
        if (!MessageTraits.Of(message.Content).IsReportable) return Task.CompletedTask;
        // The message has been taken; nobody waits for the token.
        _ = context.Tokens.IssueAsync(message.To);
        return Task.CompletedTask;
    }

    private async Task<Target> ResolveAsync(Jid chat, CancellationToken ct)
    {
        var me = context.Link.Me;
        var twin = await context.Loop.RunAsync(stop => context.State.TwinAsync(chat, stop), ct);
        var own = me.Lid?.ToUser() ?? me.Phone.ToUser();
        var lists = await context.Devices.GetAsync([chat, me.Phone.ToUser()], ct);
        if (!lists.TryGetValue(chat, out var theirs) || theirs.Devices.Count == 0) throw new SendFailedException("the number is not on WhatsApp");
        if (twin is null && chat.IsPhone && theirs.Lid is { } told)
        {
            twin = told;
            await context.ChangeAsync((batch, stop) => context.State.LearnPairAsync(chat, told, PairSource.Usync, context.Time.GetUtcNow(), batch, stop), ct);
        }

        var address = chat.IsPhone ? twin ?? chat : chat;
        IEnumerable<Jid> all = theirs.Devices.Select(d => address.WithDevice(d));
        if (lists.TryGetValue(me.Phone.ToUser(), out var mine))
        {
            all = all.Concat(mine.Devices.Where(d => d != me.Phone.Device).Select(d => own.WithDevice(d)));
        }

        return new(address, chat.IsPhone ? chat : twin, own, [.. all.Distinct()]);
    }

    private async ValueTask<bool> EncryptAsync(OutgoingMessage message, Target target, Dictionary<Jid, PreKeyBundle> fetched, CancellationToken ct)
    {
        context.Link.RequireOnline();
        var batch = new StoreBatch();
        var traits = MessageTraits.Of(message.Content);
        var plaintext = message.Content.ToByteArray();
        var forOwn = MessageStanzas.DeviceSent(target.Address, message.Content).ToByteArray();
        var parts = new List<Node>();
        var needsIdentity = false;
        var reachesThem = false;
        foreach (var device in target.Devices)
        {
            var isOwn = device.IsSameUser(target.Own);
            if (await context.Sealer.SealAsync(device, isOwn ? forOwn : plaintext, fetched, batch, ct) is not { } sealedText) continue;
            needsIdentity |= sealedText.Type == "pkmsg";
            reachesThem |= !isOwn || target.Address.IsSameUser(target.Own);
            parts.Add(MessageStanzas.To(device, sealedText, traits));
        }

        if (!reachesThem) throw new SendFailedException("none of the recipient's devices can be reached");
        var stanza = MessageStanzas.Direct(
            message.Id, target.Address, target.Phone, traits, parts, needsIdentity ? context.Link.Credentials.SignedIdentity : null,
            Reporting.NodeFor(message, traits, plaintext, target.Address.IsLid ? target.Own : context.Link.Me.Phone, target.Address),
            await PrivacyTokens.NodeAsync(context.Store, target.Address, context.Time.GetUtcNow(), ct));
        StoredOutgoing.Put(message, context.Time.GetUtcNow(), batch);
        await context.Commits.CommitAsync(batch, () => context.Link.Send(stanza), ct);
        return true;
    }

    private sealed record Target(Jid Address, Jid? Phone, Jid Own, IReadOnlyList<Jid> Devices);
}
