using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Events;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Messages;

/// <summary>Sends to all devices of both sides: asks outside the loop, encrypts and commits inside it, and lets the bytes leave after the commit.</summary>
/// <remarks>Source: docs/protocol/messages.md.</remarks>
internal sealed class MessageSender(
    ILink link, AccountLoop loop, AccountState state, Commits commits, IDeviceStore store, DeviceLists devices, Bundles bundles, TimeProvider time, ILogger logger)
{
    private static readonly int[] TransientCodes = [408, 429, 500, 503];
    private const int MaxTries = 3;
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(750);
    private readonly ChatLocks _chats = new();

    /// <exception cref="NotOnlineException">There is no connection, or it broke before the ack.</exception>
    /// <exception cref="SendFailedException">WhatsApp refused the message.</exception>
    public async Task<SentMessage> SendAsync(string id, Jid to, Func<Message> build, CancellationToken ct)
    {
        link.RequireOnline();
        var chat = to.ToUser();
        if (!chat.IsUser) throw new SendFailedException($"messages to {to.Server} cannot be sent yet");
        var known = await StoredOutgoing.LoadAsync(store, id, ct);
        if (known?.AckedAtSeconds is { } acked) return await SentAsync(id, chat, acked, ct);
        var content = known is null ? build() : Message.Parser.ParseFrom(known.Content);
        for (var attempt = 1; ; attempt++)
        {
            var leaving = await _chats.RunAsync(chat.User, () => LetLeaveAsync(id, chat, content, ct), ct);
            var ack = await leaving.Ack;
            if (ack["error"] is not { } error) return await SentAsync(id, chat, ack.LongOf("t") ?? 0, ct);
            var code = (int)(ack.LongOf("error") ?? 0);
            if (attempt == MaxTries || !TransientCodes.Contains(code)) throw new SendFailedException($"WhatsApp refused the message with error {error}", code);
            await Task.Delay(TryAgainAfter, time, ct);
        }
    }

    /// <summary>Sends what a crash or a broken connection left without an ack, with its own id.</summary>
    public async Task ResendAsync(string id, StoredOutgoing entry, CancellationToken ct)
    {
        var leaving = await _chats.RunAsync(
            Jid.Parse(entry.To).User, () => LetLeaveAsync(id, Jid.Parse(entry.To), Message.Parser.ParseFrom(entry.Content), ct), ct);
        await ((Task)leaving.Ack).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<Leaving> LetLeaveAsync(string id, Jid chat, Message content, CancellationToken ct)
    {
        var target = await ResolveAsync(chat, ct);
        var missing = await loop.RunAsync(stop => WithoutSessionAsync(target.Devices, stop), ct);
        var fetched = missing.Count == 0 ? [] : await bundles.FetchAsync(missing, ct);
        var ack = link.WaitAckAsync(id, ct);
        try
        {
            await loop.RunAsync(stop => EncryptAsync(id, chat, target, content, fetched, stop), ct);
        }
        catch (Exception)
        {
            // Nobody will wait for the ack of a message that has not left; its timeout must not go unobserved.
            _ = ack.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }

        return new(ack);
    }

    private async Task<Target> ResolveAsync(Jid chat, CancellationToken ct)
    {
        var me = link.Me;
        var twin = await loop.RunAsync(stop => state.TwinAsync(chat, stop), ct);
        var own = me.Lid?.ToUser() ?? me.Phone.ToUser();
        var lists = await devices.GetAsync([chat, me.Phone.ToUser()], ct);
        if (!lists.TryGetValue(chat, out var theirs) || theirs.Devices.Count == 0) throw new SendFailedException("the number is not on WhatsApp");
        if (twin is null && chat.IsPhone && theirs.Lid is { } told)
        {
            twin = told;
            await loop.RunAsync(async stop =>
            {
                var batch = new StoreBatch();
                await state.LearnPairAsync(chat, told, batch, stop);
                await commits.CommitAsync(batch, () => { }, stop);
                return true;
            }, ct);
        }

        var address = chat.IsPhone ? twin ?? chat : chat;
        IEnumerable<Jid> all = theirs.Devices.Select(d => address.WithDevice(d));
        if (lists.TryGetValue(me.Phone.ToUser(), out var mine))
        {
            all = all.Concat(mine.Devices.Where(d => d != me.Phone.Device).Select(d => own.WithDevice(d)));
        }

        return new(address, chat.IsPhone ? chat : twin, own, [.. all.Distinct()]);
    }

    private async ValueTask<List<Jid>> WithoutSessionAsync(IReadOnlyList<Jid> targets, CancellationToken ct)
    {
        var missing = new List<Jid>();
        foreach (var device in targets)
        {
            if (!(await state.SessionAsync(SignalAddress.Of(device), ct)).HasSession) missing.Add(device);
        }

        return missing;
    }

    private async ValueTask<bool> EncryptAsync(string id, Jid chat, Target target, Message content, Dictionary<Jid, PreKeyBundle> fetched, CancellationToken ct)
    {
        link.RequireOnline();
        var batch = new StoreBatch();
        var plaintext = content.ToByteArray();
        var forOwn = MessageStanzas.DeviceSent(target.Address, content).ToByteArray();
        var parts = new List<Node>();
        var needsIdentity = false;
        var reachesThem = false;
        foreach (var device in target.Devices)
        {
            var isOwn = device.IsSameUser(target.Own);
            if (await SealAsync(device, isOwn ? forOwn : plaintext, fetched, batch, ct) is not { } sealedText) continue;
            needsIdentity |= sealedText.Type == "pkmsg";
            reachesThem |= !isOwn || target.Address.IsSameUser(target.Own);
            parts.Add(MessageStanzas.To(device, sealedText));
        }

        if (!reachesThem) throw new SendFailedException("none of the recipient's devices can be reached");
        var token = await PrivacyTokens.FindAsync(store, target.Address, time.GetUtcNow(), ct);
        var stanza = MessageStanzas.Text(id, target.Address, target.Phone, parts, needsIdentity ? link.Credentials.SignedIdentity : null, token);
        new StoredOutgoing(chat.ToString(), plaintext, time.GetUtcNow().ToUnixTimeMilliseconds(), null).Save(id, batch);
        batch.Put(StateKind.Unacknowledged, id, []);
        await commits.CommitAsync(batch, () => link.Send(stanza), ct);
        return true;
    }

    private async ValueTask<CipherText?> SealAsync(Jid device, byte[] plaintext, Dictionary<Jid, PreKeyBundle> fetched, StoreBatch batch, CancellationToken ct)
    {
        var address = SignalAddress.Of(device);
        var record = await state.SessionAsync(address, ct);
        try
        {
            if (!record.HasSession)
            {
                if (!fetched.TryGetValue(device, out var bundle)) return null;
                SessionBuilder.Initiate(record, link.Credentials.Identity, bundle);
            }

            var sealedText = SessionCipher.Encrypt(record, link.Credentials.Identity, MessagePadding.Add(plaintext));
            AccountState.SaveSession(address, record, batch);
            return sealedText;
        }
        catch (SignalException e)
        {
            logger.DeviceSkipped(e.Message);
            return null;
        }
    }

    private async Task<SentMessage> SentAsync(string id, Jid chat, long seconds, CancellationToken ct)
    {
        var twin = await LidMap.FindTwinAsync(store, chat, ct);
        return new(id, MessageSource.PartyOf(chat, twin), DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, 0, uint.MaxValue)));
    }

    private sealed record Target(Jid Address, Jid? Phone, Jid Own, IReadOnlyList<Jid> Devices);

    /// <summary>A message on its way; kept in an object so that awaiting the way out does not await the ack.</summary>
    private sealed record Leaving(Task<Node> Ack);
}
