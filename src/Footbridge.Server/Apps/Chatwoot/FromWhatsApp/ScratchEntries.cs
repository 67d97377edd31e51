using Footbridge.Server.Config;
using Footbridge.Server.Media;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>Files that are made of what a message itself holds.</summary>
internal static class ScratchEntries
{
    public static async Task<EntryFile> WriteAsync(Settings settings, ReadOnlyMemory<byte> bytes, string name, string mimetype, CancellationToken ct)
    {
        var path = ScratchFolder.NewFile(settings);
        await File.WriteAllBytesAsync(path, bytes, ct);
        return new(path, name, mimetype, IsScratch: true);
    }
}
