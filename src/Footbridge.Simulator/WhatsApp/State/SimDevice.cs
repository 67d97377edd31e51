using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;

namespace Footbridge.Simulator.WhatsApp.State;

/// <summary>Takes what the server has for a device: a socket, or a phone in this process.</summary>
internal interface IDeviceEndpoint
{
    void Deliver(Node stanza);
}

/// <summary>One device as the server knows it: its keys, and what it has not confirmed yet.</summary>
internal sealed class SimDevice(SimAccount account, ushort number, uint keyIndex)
{
    private readonly Lock _gate = new();
    private readonly Queue<(byte[] Id, byte[] Value)> _preKeys = [];
    private readonly OrderedDictionary<string, Node> _unconfirmed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _submitted = new(StringComparer.Ordinal);
    private IDeviceEndpoint? _endpoint;

    public SimAccount Account { get; } = account;

    public ushort Number { get; } = number;

    public uint KeyIndex { get; } = keyIndex;

    public byte[]? RegistrationId { get; private set; }

    public byte[]? Identity { get; set; }

    public byte[]? SignedIdentity { get; set; }

    public Node? SignedPreKey { get; private set; }

    public Jid Phone => Account.Phone.WithDevice(Number);

    public Jid Lid => Account.Lid.WithDevice(Number);

    public bool IsConnected => _endpoint is not null;

    public int PreKeyCount
    {
        get
        {
            lock (_gate) return _preKeys.Count;
        }
    }

    public void SetKeys(byte[] registrationId, byte[] identity, Node signedPreKey, IEnumerable<(byte[] Id, byte[] Value)> preKeys)
    {
        lock (_gate)
        {
            (RegistrationId, Identity, SignedPreKey) = (registrationId, identity, signedPreKey);
            foreach (var key in preKeys) _preKeys.Enqueue(key);
        }
    }

    public void DropPreKeys()
    {
        lock (_gate) _preKeys.Clear();
    }

    /// <summary>Takes a one-time prekey out of the pool.</summary>
    public (byte[] Id, byte[] Value)? TakePreKey()
    {
        lock (_gate) return _preKeys.TryDequeue(out var key) ? key : null;
    }

    public IReadOnlyList<(byte[] Id, byte[] Value)> PreKeys()
    {
        lock (_gate) return [.. _preKeys];
    }

    /// <summary>False when the device has sent this message before: the server knows it and only acks again.</summary>
    public bool IsFirst(string messageId)
    {
        lock (_gate) return _submitted.Add(messageId);
    }

    /// <summary>Delivers a stanza now or when the device is back; it is repeated at each login until it is confirmed.</summary>
    public void Push(Node stanza)
    {
        IDeviceEndpoint? endpoint;
        lock (_gate)
        {
            _unconfirmed[KeyOf(stanza.Tag, stanza["id"], stanza["type"])] = stanza;
            endpoint = _endpoint;
        }

        endpoint?.Deliver(stanza);
    }

    public void Confirm(string tag, string? id, string? type)
    {
        lock (_gate) _unconfirmed.Remove(KeyOf(tag, id, type));
    }

    /// <summary>Makes an endpoint the device's; returns what is to be delivered to it first.</summary>
    public IReadOnlyList<Node> Attach(IDeviceEndpoint endpoint, out IDeviceEndpoint? replaced)
    {
        lock (_gate)
        {
            (replaced, _endpoint) = (_endpoint, endpoint);
            return [.. _unconfirmed.Values];
        }
    }

    public void Detach(IDeviceEndpoint endpoint)
    {
        lock (_gate)
        {
            if (_endpoint == endpoint) _endpoint = null;
        }
    }

    private static string KeyOf(string tag, string? id, string? type) => tag == "receipt" ? $"{tag}|{id}|{type}" : $"{tag}|{id}";
}
