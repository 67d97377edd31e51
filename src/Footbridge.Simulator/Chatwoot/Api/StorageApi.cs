using System.Globalization;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.Simulator.Chatwoot.Api;

/// <summary>The files of messages: a lasting address that redirects to a passing one on the same host, as with storage on disk. No key at either.</summary>
internal sealed class StorageApi(SimStore store)
{
    private const string Blobs = "/rails/active_storage/blobs/redirect/";
    private const string Disk = "/rails/active_storage/disk/";

    public void Map(IEndpointRouteBuilder web)
    {
        web.MapGet(Blobs + "{signed}/{name}", (string signed, string name) =>
            Find(signed) is null ? Results.NotFound() : Results.Redirect($"{Disk}{signed}/{Uri.EscapeDataString(name)}"));
        web.MapGet(Disk + "{signed}/{name}", (string signed, string name) =>
            Find(signed) is { } file ? Results.Bytes(file.Bytes, file.ContentType) : Results.NotFound());
    }

    private (string Name, string ContentType, byte[] Bytes)? Find(string signed)
    {
        if (signed.Split('-') is not [var message, var place] || !long.TryParse(message, CultureInfo.InvariantCulture, out var id) || !int.TryParse(place, CultureInfo.InvariantCulture, out var index)) return null;
        return store.Read((_, _) => store.FindMessage(id)) is { } found && index < found.Files.Count ? found.Files[index] : null;
    }
}
