using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;
using Google.Protobuf;

namespace Footbridge.Simulator.WhatsApp.Answers;

/// <summary>Namespace <c>w:sync:app:state</c>: gives and takes sealed patches, and tells the other devices that there is something new.</summary>
internal sealed class AppStateAnswers(Faults faults, TimeProvider time)
{
    public Node Answer(SimDevice device, Node iq) =>
        Node.Of("sync", [.. (iq.Child("sync")?.ChildrenOf("collection") ?? []).Select(collection => Collection(device, collection))]);

    /// <summary>A change by any device, told to all others.</summary>
    public static void Tell(SimDevice author, string collection, TimeProvider time)
    {
        var account = author.Account;
        foreach (var other in account.Devices.Where(d => d != author && d.Number != 0))
        {
            other.Push(Node.Of("notification",
                [("id", Guid.NewGuid().ToString("N")), ("from", account.Phone), ("type", "server_sync"), ("t", time.GetUtcNow().ToUnixTimeSeconds())],
                Node.Of("collection", [("name", collection), ("version", (long)account.AppState.VersionOf(collection))])));
        }
    }

    private Node Collection(SimDevice device, Node collection)
    {
        var name = collection["name"];
        var state = device.Account.AppState;
        if (!state.Knows(name)) return Error(name, 400, "bad-request", []);
        var version = collection["return_snapshot"] == "true" ? null : (ulong?)collection.LongOf("version");
        return collection.Child("patch")?.ContentBytes is { } patch ? Push(device, name!, version ?? 0, patch) : Fetch(state, name!, version);
    }

    private Node Push(SimDevice device, string name, ulong version, byte[] patch)
    {
        var state = device.Account.AppState;
        try
        {
            if (!state.Push(name, version, Protobuf.Parse(SyncdPatch.Parser, patch))) return Error(name, 409, "conflict", Patches(name, state.Since(name, version).Patches));
        }
        catch (ProtocolException e)
        {
            return Error(name, 400, e.Message, []);
        }

        Tell(device, name, time);
        return Node.Of("collection", [("name", name), ("version", (long)state.VersionOf(name))]);
    }

    private Node Fetch(SimAppState state, string name, ulong? version)
    {
        var (snapshot, patches, hasMore) = state.Since(name, version);
        return Node.Of("collection", [("name", name), ("version", (long)state.VersionOf(name)), ("has_more_patches", hasMore ? "true" : null)],
            snapshot is null ? null : Node.OfBytes("snapshot", snapshot.ToByteArray()),
            patches.Count == 0 ? null : Node.Of("patches", Patches(name, patches)));
    }

    private Node[] Patches(string name, IReadOnlyList<SyncdPatch> patches) => [.. patches.Select(p => Node.OfBytes("patch", (Broken(name, p) ?? p).ToByteArray()))];

    private SyncdPatch? Broken(string name, SyncdPatch patch)
    {
        if (faults.BreaksAppState?.Invoke(name) != true) return null;
        var broken = patch.Clone();
        broken.SnapshotMac = ByteString.CopyFrom(new byte[patch.SnapshotMac.Length]);
        return broken;
    }

    private static Node Error(string? name, int code, string text, Node[] patches) => Node.Of("collection", [("name", name), ("type", "error")],
        Node.Of("error", [("code", code), ("text", text)]),
        patches.Length == 0 ? null : Node.Of("patches", patches));
}
