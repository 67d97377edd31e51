using System.Text.Json;
using System.Text.Json.Serialization;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Groups;

/// <summary>The devices that were given the account's own sender key of one group, and the own address the key goes by.</summary>
internal sealed class KeyHolders(string ownAddress, IEnumerable<string> devices)
{
    private readonly HashSet<string> _devices = new(devices, StringComparer.Ordinal);

    public string OwnAddress { get; } = ownAddress;

    /// <exception cref="ProtocolException">What is stored cannot be read.</exception>
    public static KeyHolders Parse(byte[] stored)
    {
        var read = StoredJson.Parse(stored, GroupJson.Default.StoredHolders, "stored sender key holders");
        return new(read.OwnAddress, read.Devices);
    }

    public byte[] Serialize() => JsonSerializer.SerializeToUtf8Bytes(new StoredHolders(OwnAddress, [.. _devices]), GroupJson.Default.StoredHolders);

    public bool Contains(Jid device) => _devices.Contains(device.ToString());

    public void Add(Jid device) => _devices.Add(device.ToString());

    /// <summary>Whether somebody holds the key who is not among these devices any more, and could read on.</summary>
    public bool AnyBut(IEnumerable<Jid> devices) => !_devices.IsSubsetOf(devices.Select(device => device.ToString()));

    public bool RemoveUser(Jid user) => _devices.RemoveWhere(device => Jid.Parse(device).IsSameUser(user)) > 0;
}

internal sealed record StoredHolders(string OwnAddress, string[] Devices);

[JsonSerializable(typeof(StoredHolders))]
internal sealed partial class GroupJson : JsonSerializerContext;
