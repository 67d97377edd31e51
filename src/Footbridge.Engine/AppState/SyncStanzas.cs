using Footbridge.Engine.Connection;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Engine.AppState;

/// <summary>Queries of namespace <c>w:sync:app:state</c> and their answers. Source: docs/protocol/app-state.md.</summary>
internal static class SyncStanzas
{
    /// <param name="collections">Names and the versions that are there; null asks for a snapshot.</param>
    public static Node Fetch(IEnumerable<(string Name, ulong? Version)> collections) => Query([.. collections.Select(c => Node.Of("collection",
        [("name", c.Name), ("version", (long?)c.Version), ("return_snapshot", c.Version is null ? "true" : "false")]))]);

    public static Node Push(string collection, ulong version, SyncdPatch patch) => Query([Node.Of("collection",
        [("name", collection), ("version", (long)version), ("return_snapshot", "false")],
        Node.OfBytes("patch", patch.ToByteArray()))]);

    public static IReadOnlyList<CollectionAnswer> Answers(Node answer) => [.. (answer.Child("sync")?.ChildrenOf("collection") ?? []).Select(CollectionAnswer.Parse)];

    private static Node Query(Node[] collections) =>
        Iq.Set("w:sync:app:state", Node.Of("sync", collections));
}

/// <summary>What the server says of one collection.</summary>
/// <param name="Snapshot">Where the whole collection lies, when the server gives it as one.</param>
/// <param name="Error">Null when there was none.</param>
internal sealed record CollectionAnswer(string Name, ExternalBlobReference? Snapshot, IReadOnlyList<SyncdPatch> Patches, bool HasMore, int? Error)
{
    /// <summary>Another device was faster.</summary>
    public const int Conflict = 409;

    /// <exception cref="ProtocolException">A part is malformed.</exception>
    public static CollectionAnswer Parse(Node collection) => new(
        collection.Required("name"),
        collection.Child("snapshot")?.ContentBytes is { Length: > 0 } snapshot ? Protobuf.Parse(ExternalBlobReference.Parser, snapshot) : null,
        [.. (collection.Child("patches")?.ChildrenOf("patch") ?? []).Select(p => Protobuf.Parse(SyncdPatch.Parser, p.ContentBytes ?? []))],
        collection["has_more_patches"] == "true",
        collection["type"] == "error" ? (int)(collection.Child("error")?.LongOf("code") ?? 500) : null);
}
