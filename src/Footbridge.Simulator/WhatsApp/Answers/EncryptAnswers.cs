using System.Security.Cryptography;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp.Answers;

/// <summary>Namespace <c>encrypt</c>: prekeys in, counted, checked, and handed out one at a time.</summary>
internal sealed class EncryptAnswers(State.Directory directory)
{
    public Node[]? Answer(SimDevice device, Node iq)
    {
        if (iq["type"] == "set") return Store(device, iq) ? [] : null;
        if (iq.Child("count") is not null) return [Node.Of("count", [("value", device.PreKeyCount)])];
        if (iq.Child("digest") is not null) return Digest(device);
        return iq.Child("key") is { } key ? [Node.Of("list", [.. key.ChildrenOf("user").Select(Bundle)])] : null;
    }

    private static bool Store(SimDevice device, Node iq)
    {
        if (iq.Child("rotate") is not null) return true;
        if (iq.Child("registration")?.ContentBytes is not { Length: 4 } registration || iq.Child("identity")?.ContentBytes is not { Length: 32 } identity) return false;
        if (iq.Child("skey") is not { } signed || !IsSigned(signed, identity)) return false;
        var keys = (iq.Child("list")?.ChildrenOf("key") ?? []).Select(key => (Id: key.Child("id")?.ContentBytes ?? [], Value: key.Child("value")?.ContentBytes ?? [])).ToList();
        if (keys.Any(key => key.Id.Length != 3 || key.Value.Length != 32)) return false;
        device.SetKeys(registration, identity, signed, keys);
        device.Account.TellKeysUploaded(device);
        return true;
    }

    private static bool IsSigned(Node signed, byte[] identity) =>
        signed.Child("value")?.ContentBytes is { Length: 32 } value && signed.Child("signature")?.ContentBytes is { } signature
        && Curve25519.Verify(identity, SignalKeys.WithType(value), signature);

    private static Node[]? Digest(SimDevice device)
    {
        if (device.Identity is null || device.SignedPreKey is null) return null;
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        sha.AppendData(device.Identity);
        sha.AppendData(device.SignedPreKey.Child("value")!.ContentBytes!);
        sha.AppendData(device.SignedPreKey.Child("signature")!.ContentBytes!);
        var keys = device.PreKeys();
        foreach (var (_, value) in keys) sha.AppendData(value);
        return [Node.Of("digest",
            Node.OfBytes("registration", device.RegistrationId!),
            Node.OfBytes("type", [SignalKeys.Type]),
            Node.OfBytes("identity", device.Identity),
            device.SignedPreKey,
            Node.Of("list", [.. keys.Select(key => Node.OfBytes("id", key.Id))]),
            Node.OfBytes("hash", sha.GetHashAndReset()))];
    }

    private Node Bundle(Node user)
    {
        var jid = user.JidOf("jid") ?? Jid.Service;
        if (directory.FindDevice(jid) is not { Identity: { } identity, SignedPreKey: { } signed, RegistrationId: { } registration } device)
        {
            return Node.Of("user", [("jid", jid)], Node.Of("error", [("code", 404), ("text", "item-not-found")]));
        }

        return Node.Of("user", [("jid", jid)],
            Node.OfBytes("registration", registration),
            Node.OfBytes("type", [SignalKeys.Type]),
            Node.OfBytes("identity", identity),
            device.TakePreKey() is var (id, value) ? Node.Of("key", Node.OfBytes("id", id), Node.OfBytes("value", value)) : null,
            signed,
            device.SignedIdentity is { } adv ? Node.OfBytes("device-identity", adv) : null);
    }
}
