using Footbridge.Server.Apps.Chatwoot.FromWhatsApp;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Config;
using Footbridge.Server.Media;

namespace Footbridge.Server.Workers;

/// <summary>Files over HTTP: a copy for each job, in the worker's own folder.</summary>
internal sealed class RemoteMediaGate(WorkerClient api, Settings settings) : IMediaGate
{
    public async Task<EntryFile> GetAsync(string session, string name, CancellationToken ct)
    {
        var path = ScratchFolder.NewFile(settings);
        try
        {
            var (fileName, mimetype) = await api.FetchAsync(WorkerFiles.PathOf(session, name), path, ct);
            return new(path, fileName, mimetype, IsScratch: true);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }
}
