using System.Collections.Concurrent;
using System.Security.Cryptography;
using Footbridge.Protocol.Pairing;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;
using Footbridge.Simulator.WhatsApp.Wire;

namespace Footbridge.Simulator.WhatsApp;

/// <summary>Links a new device: shows refs to the client, takes the scan from the phone, and checks the device's answer.</summary>
internal sealed class PairingDesk
{
    private const int Refs = 6;
    private readonly Faults _faults;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, ClientConnection> _waiting = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ClientConnection, (SimAccount Account, byte[] Identity, TaskCompletionSource<SimDevice> Done)> _pairing = new();

    public PairingDesk(Faults faults, TimeProvider time)
    {
        (_faults, _time) = (faults, time);
        Passkeys = new(SignAsync, faults, time);
    }

    public PasskeyDesk Passkeys { get; }

    public void Offer(ClientConnection connection)
    {
        var refs = Enumerable.Range(0, Refs).Select(_ => "2@" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(24))).ToList();
        foreach (var text in refs) _waiting[text] = connection;
        connection.Deliver(Node.Of("iq", [("id", "pair-device-1"), ("type", "set"), ("xmlns", "md"), ("from", Jid.Service)],
            Node.Of("pair-device", [.. refs.Select(text => Node.OfText("ref", text))])));
    }

    /// <summary>The phone scanned a code: completes when the device has proved itself.</summary>
    /// <exception cref="InvalidOperationException">Nobody shows this code, or the device refused.</exception>
    public Task<SimDevice> ScanAsync(SimAccount account, string qr, CancellationToken ct)
    {
        var code = QrText.Parse(qr);
        if (!_waiting.TryRemove(code.Ref, out var connection)) throw new InvalidOperationException("nobody shows this code");
        return IssueAsync(connection, account, code.IdentityKey, code.AdvSecret).WaitAsync(ct);
    }

    /// <summary>The phone took a device's code: it states that the device is the account's, after its passkey if it has one. Completes when the device has proved itself.</summary>
    public Task<SimDevice> IssueAsync(ClientConnection connection, SimAccount account, byte[] identity, byte[] advSecret) =>
        account.Passkey is { } passkey ? Passkeys.AskAsync(connection, account, passkey, advSecret) : SignAsync(connection, account, identity, advSecret);

    /// <summary>The client's answer to pair-success.</summary>
    public void Finish(ClientConnection connection, Node answer)
    {
        if (!_pairing.TryRemove(connection, out var pairing) || connection.Pairing is not { } device) return;
        var reply = answer.Path("pair-device-sign", "device-identity")?.ContentBytes;
        if (reply is null || !AdvIssuer.IsSignedByDevice(reply, pairing.Identity, pairing.Account.Identity.Public))
        {
            pairing.Done.SetException(new InvalidOperationException($"the device refused: {answer.Child("error")?["text"] ?? "wrong device signature"}"));
            return;
        }

        pairing.Account.Add(device);
        connection.Deliver(Node.Of("stream:error", [("code", "515")]));
        connection.CloseAfterSending();
        pairing.Done.SetResult(device);
    }

    public void Forget(ClientConnection connection)
    {
        Passkeys.Forget(connection);
        foreach (var (text, owner) in _waiting)
        {
            if (owner == connection) _waiting.TryRemove(text, out _);
        }

        if (_pairing.TryRemove(connection, out var pairing)) pairing.Done.TrySetException(new InvalidOperationException("the device went away"));
    }

    private Task<SimDevice> SignAsync(ClientConnection connection, SimAccount account, byte[] identity, byte[] advSecret)
    {
        var device = account.NewDevice();
        device.Identity = identity;
        connection.Pairing = device;
        var done = new TaskCompletionSource<SimDevice>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pairing[connection] = (account, identity, done);
        var secret = _faults.BreaksPairingHmac ? RandomNumberGenerator.GetBytes(32) : advSecret;
        var signedFor = _faults.BreaksPairingSignature ? Curve25519.GenerateKeyPair().Public : identity;
        var envelope = AdvIssuer.Issue(account.Identity, signedFor, secret,
            new() { RawId = 1, Timestamp = (ulong)_time.GetUtcNow().ToUnixTimeSeconds(), KeyIndex = device.KeyIndex });
        connection.Deliver(Node.Of("iq", [("id", "pair-success-1"), ("type", "set"), ("xmlns", "md"), ("from", Jid.Service)],
            Node.Of("pair-success",
                Node.OfBytes("device-identity", envelope),
                Node.Of("device", [("jid", device.Phone), ("lid", device.Lid)]),
                Node.Of("platform", [("name", "android")]))));
        return done.Task;
    }
}
