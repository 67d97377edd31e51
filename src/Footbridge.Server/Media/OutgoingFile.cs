namespace Footbridge.Server.Media;

/// <summary>A file that is to be sent or converted; on the disk, and gone when disposed.</summary>
/// <param name="Mimetype">Never empty.</param>
/// <param name="FileName">Never empty.</param>
internal sealed record OutgoingFile(string Path, string Mimetype, string FileName) : IDisposable
{
    public string Essence => MimeTypes.Essence(Mimetype);

    public FileStream Open() => new(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan);

    public void Dispose() => File.Delete(Path);
}
