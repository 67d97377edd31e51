using System.Collections.Concurrent;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Engine.Groups;

/// <summary>A message encrypted once for all, and the parts that give the key to the devices which lack it.</summary>
internal sealed record KeyedMessage(byte[] Bytes, IReadOnlyList<Node> KeyParts, bool NeedsIdentity);

/// <summary>Sends under the account's sender key of a chat: keeps the key, gives it to whoever lacks it, and changes it when somebody has left.</summary>
/// <remarks>Called with the chat's lock held. Asks outside the loop; encrypts inside it, a part at a time. Source: docs/protocol/groups.md.</remarks>
internal sealed class SenderKeySending(AccountContext context)
{
    private const int DevicesAtOnce = 100;
    private const int MaxUnacknowledged = 1000;
    private readonly ConcurrentDictionary<string, Given> _given = new(StringComparer.Ordinal);

    public async Task<Leaving> LetLeaveAsync(OutgoingMessage message, Audience audience, Func<KeyedMessage, Node> stanza, CancellationToken ct)
    {
        var plan = await context.Loop.RunAsync(stop => PlanAsync(message.To, audience, stop), ct);
        var parts = new List<SealedKey>();
        foreach (var chunk in plan.Lacking.Chunk(DevicesAtOnce)) parts.AddRange(await SealKeyAsync(plan.KeyMessage, chunk, ct));
        if (_given.Count > MaxUnacknowledged) _given.Clear();
        _given[message.Id] = new(plan.Key.KeyId!.Value, audience, [.. parts.Select(part => part.Device)]);
        return await Leaving.AfterAsync(context.Link, message.Id, _ => context.Loop.RunAsync(stop => EncryptAsync(message, audience, plan.Key, parts, stanza, stop), ct), ct);
    }

    /// <summary>Notes who has the key now. False when the server's idea of the participants differs from ours.</summary>
    public async Task<bool> AckedAsync(OutgoingMessage message, Node ack, CancellationToken ct)
    {
        if (!_given.TryRemove(message.Id, out var given)) return true;
        if (given.Devices.Count > 0) await context.ChangeAsync((batch, stop) => NoteHoldersAsync(message.To, given, batch, stop), ct);
        return ack["phash"] is not { } theirs || theirs == given.Audience.Hash;
    }

    private async ValueTask<Plan> PlanAsync(Jid chat, Audience audience, CancellationToken ct)
    {
        var key = await context.SenderKeys.FindAsync(chat, audience.Own, ct);
        var holders = await context.SenderKeys.HoldersAsync(chat, ct);
        if (!key.HasKey || holders.OwnAddress != audience.Own.ToString() || holders.AnyBut(audience.Devices.Select(device => device.Wire)))
        {
            (key, holders) = (SenderKeyRecord.Create(), new(audience.Own.ToString(), []));
            var batch = new StoreBatch();
            context.SenderKeys.Save(chat, audience.Own, key, batch);
            context.SenderKeys.SaveHolders(chat, holders, batch);
            await context.Commits.CommitAsync(batch, () => { }, ct);
        }

        return new(key, Distribution(chat, key).ToByteArray(), [.. audience.Devices.Where(device => !holders.Contains(device.Wire))]);
    }

    /// <summary>The message that gives the key to one device.</summary>
    public static Message Distribution(Jid chat, SenderKeyRecord key) => new()
    {
        SenderKeyDistributionMessage = new() { GroupId = chat.ToString(), AxolotlSenderKeyDistributionMessage = ByteString.CopyFrom(key.Distribution()) },
    };

    private async Task<List<SealedKey>> SealKeyAsync(byte[] keyMessage, Recipient[] devices, CancellationToken ct)
    {
        var fetched = await context.Sealer.FetchMissingAsync(context.Loop, [.. devices.Select(device => device.Signal)], ct);
        return await context.Loop.RunAsync(async stop =>
        {
            var batch = new StoreBatch();
            var parts = new List<SealedKey>(devices.Length);
            foreach (var device in devices)
            {
                if (await context.Sealer.SealAsync(device.Signal, keyMessage, fetched, batch, stop) is { } sealedText) parts.Add(new(device.Wire, sealedText));
            }

            await context.Commits.CommitAsync(batch, () => { }, stop);
            return parts;
        }, ct);
    }

    private async ValueTask<bool> EncryptAsync(
        OutgoingMessage message, Audience audience, SenderKeyRecord key, List<SealedKey> parts, Func<KeyedMessage, Node> stanza, CancellationToken ct)
    {
        context.Link.RequireOnline();
        var batch = new StoreBatch();
        var bytes = SenderKeyCipher.Encrypt(key, MessagePadding.Add(message.Content.ToByteArray()));
        context.SenderKeys.Save(message.To, audience.Own, key, batch);
        StoredOutgoing.Put(message, context.Time.GetUtcNow(), batch);
        var leaving = stanza(new(bytes, [.. parts.Select(part => GroupStanzas.KeyFor(part.Device, part.Text))], parts.Any(part => part.Text.Type == "pkmsg")));
        await context.Commits.CommitAsync(batch, () => context.Link.Send(leaving), ct);
        return true;
    }

    private async ValueTask NoteHoldersAsync(Jid chat, Given given, StoreBatch batch, CancellationToken ct)
    {
        var key = await context.SenderKeys.FindAsync(chat, given.Audience.Own, ct);
        if (key.KeyId != given.KeyId) return;
        var holders = await context.SenderKeys.HoldersAsync(chat, ct);
        foreach (var device in given.Devices) holders.Add(device);
        context.SenderKeys.SaveHolders(chat, holders, batch);
    }

    private sealed record Plan(SenderKeyRecord Key, byte[] KeyMessage, IReadOnlyList<Recipient> Lacking);

    private sealed record Given(uint KeyId, Audience Audience, IReadOnlyList<Jid> Devices);

    private readonly record struct SealedKey(Jid Device, CipherText Text);
}
