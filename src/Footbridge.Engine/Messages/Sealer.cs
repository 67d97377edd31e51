using Footbridge.Engine.Connection;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Messages;

/// <summary>Encrypts for single devices, with the sessions there are and those that prekey bundles start.</summary>
internal sealed class Sealer(ILink link, AccountState state, Bundles bundles, ILogger logger)
{
    /// <summary>The prekey bundles of those devices that there is no session with; asks the server, so outside the loop.</summary>
    public async Task<Dictionary<Jid, PreKeyBundle>> FetchMissingAsync(AccountLoop loop, IReadOnlyList<Jid> devices, CancellationToken ct)
    {
        var missing = await loop.RunAsync(stop => WithoutSessionAsync(devices, stop), ct);
        return missing.Count == 0 ? [] : await bundles.FetchAsync(missing, ct);
    }

    /// <summary>Encrypts for one device, inside the loop; null (and a log line) when it cannot be reached.</summary>
    public async ValueTask<CipherText?> SealAsync(Jid device, byte[] plaintext, Dictionary<Jid, PreKeyBundle> fetched, StoreBatch batch, CancellationToken ct)
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

    private async ValueTask<List<Jid>> WithoutSessionAsync(IReadOnlyList<Jid> targets, CancellationToken ct)
    {
        var missing = new List<Jid>();
        foreach (var device in targets)
        {
            if (!(await state.SessionAsync(SignalAddress.Of(device), ct)).HasSession) missing.Add(device);
        }

        return missing;
    }
}
