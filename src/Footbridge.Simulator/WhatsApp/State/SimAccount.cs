using System.Collections.Concurrent;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;

namespace Footbridge.Simulator.WhatsApp.State;

/// <summary>One person: a phone number, a LID, an identity, and devices of which number 0 is the phone.</summary>
internal sealed class SimAccount
{
    private readonly ConcurrentDictionary<ushort, SimDevice> _devices = new();
    private int _lastDevice;

    public SimAccount(string phoneDigits, string lidDigits, string? pushName)
    {
        (Phone, Lid, PushName) = (new(phoneDigits, JidServer.User), new(lidDigits, JidServer.Lid), pushName);
        _devices[0] = new(this, 0, 0);
    }

    public Jid Phone { get; set; }

    public Jid Lid { get; set; }

    public People.SimProfile Profile { get; } = new();

    public string? PushName { get; set; }

    /// <summary>The server tells of each message the address it came by and not the other one.</summary>
    public bool ShowsOneAddress { get; set; }

    /// <summary>Who adds this person to a group needs a token the person gave; others may only invite.</summary>
    public bool OnlyTrustedMayAdd { get; set; }

    /// <summary>Linking a device takes it, when there is one.</summary>
    public SimPasskey? Passkey { get; set; }

    /// <summary>Tokens the person gave to others, in hex.</summary>
    public ConcurrentDictionary<string, bool> GivenTokens { get; } = new(StringComparer.Ordinal);

    public SimAppState AppState { get; } = new();

    /// <summary>Raised when a device has given the server keys, so that others can encrypt for it.</summary>
    public event Action<SimDevice>? KeysUploaded;

    public void TellKeysUploaded(SimDevice device) => KeysUploaded?.Invoke(device);

    public KeyPair Identity { get; } = Curve25519.GenerateKeyPair();

    public IEnumerable<SimDevice> Devices => _devices.Values.OrderBy(device => device.Number);

    public SimDevice? Device(ushort number) => _devices.GetValueOrDefault(number);

    public SimDevice NewDevice()
    {
        var number = (ushort)Interlocked.Increment(ref _lastDevice);
        return new(this, number, number);
    }

    public void Add(SimDevice device) => _devices[device.Number] = device;

    public void Remove(SimDevice device) => _devices.TryRemove(device.Number, out _);
}
