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
    private readonly Queue<(IDeviceEndpoint Endpoint, Node Stanza)> _leaving = [];
    private IDeviceEndpoint? _endpoint;
    private TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDelivering;

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
    /// <param name="from">Tells receipts for one message apart that come from several people.</param>
    public void Push(Node stanza, string? from = null)
    {
        lock (_gate)
        {
            _unconfirmed[KeyOf(stanza.Tag, stanza["id"], stanza["type"], from)] = stanza;
            if (_endpoint is not null) _leaving.Enqueue((_endpoint, stanza));
        }

        DeliverLeaving();
    }

    /// <summary>Delivers a stanza when the device is there, and loses it otherwise.</summary>
    public void SendNow(Node stanza)
    {
        lock (_gate)
        {
            if (_endpoint is null) return;
            _leaving.Enqueue((_endpoint, stanza));
        }

        DeliverLeaving();
    }

    public void Confirm(string tag, string? id, string? type, string? from = null)
    {
        lock (_gate) _unconfirmed.Remove(KeyOf(tag, id, type, from));
    }

    /// <summary>Makes an endpoint the device's. It gets <paramref name="welcome"/> of what has waited before anything newer.</summary>
    /// <returns>The endpoint that was the device's before.</returns>
    public IDeviceEndpoint? Attach(IDeviceEndpoint endpoint, Func<IReadOnlyList<Node>, IEnumerable<Node>> welcome)
    {
        IDeviceEndpoint? former;
        lock (_gate)
        {
            if (_endpoint == endpoint) return null;
            (former, _endpoint) = (_endpoint, endpoint);
            if (_gone.Task.IsCompleted) _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
            foreach (var stanza in welcome([.. _unconfirmed.Values])) _leaving.Enqueue((endpoint, stanza));
        }

        DeliverLeaving();
        return former;
    }

    public void Detach(IDeviceEndpoint endpoint)
    {
        lock (_gate)
        {
            if (_endpoint != endpoint) return;
            _endpoint = null;
            _gone.TrySetResult();
        }
    }

    /// <summary>Waits until the device, which has been connected, is not.</summary>
    public Task WaitGoneAsync(CancellationToken ct)
    {
        lock (_gate) return _gone.Task.WaitAsync(ct);
    }

    /// <summary>One thread at a time delivers, outside the lock, so that two stanzas cannot overtake each other; whoever comes meanwhile leaves it its own.</summary>
    private void DeliverLeaving()
    {
        while (true)
        {
            (IDeviceEndpoint Endpoint, Node Stanza) next;
            lock (_gate)
            {
                if (_isDelivering || !_leaving.TryDequeue(out next)) return;
                _isDelivering = true;
            }

            try
            {
                next.Endpoint.Deliver(next.Stanza);
            }
            finally
            {
                lock (_gate) _isDelivering = false;
            }
        }
    }

    private static string KeyOf(string tag, string? id, string? type, string? from) => tag == "receipt" ? $"{tag}|{id}|{type}|{from}" : $"{tag}|{id}";
}
