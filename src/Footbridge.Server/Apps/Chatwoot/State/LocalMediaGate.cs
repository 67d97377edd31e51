using Footbridge.Server.Apps.Chatwoot.FromWhatsApp;
using Footbridge.Server.Media;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>The files of this process.</summary>
internal sealed class LocalMediaGate(MediaFetcher files, TimeProvider time) : IMediaGate
{
    /// <summary>Longest wait of one run of a job, below a worker's patience with one call. The fetch itself goes on.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<EntryFile> GetAsync(string session, string name, CancellationToken ct)
    {
        try
        {
            var (file, path) = await files.GetAsync(session, name, ct).WaitAsync(Patience, time, ct);
            return new(path, file.FileName ?? "", file.Mimetype, IsScratch: false);
        }
        catch (TimeoutException)
        {
            throw FileNotStoredException.Because($"it did not come within {Patience.TotalSeconds:0} s");
        }
    }
}
