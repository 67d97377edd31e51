using System.Text.Json.Nodes;
using Footbridge.Server.Api;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Media;

/// <summary>Takes files from requests: by address or in base64, and finds out what they are.</summary>
internal sealed class OutgoingFiles(RemoteFiles remote, Settings settings)
{
    private const string DataScheme = "data:";

    /// <summary>Reads WAHA's <c>{url|data, mimetype?, filename?}</c> and brings the file onto the disk; the caller disposes it.</summary>
    /// <exception cref="InvalidRequestException">The fields are wrong.</exception>
    /// <exception cref="RuleException">Neither address nor data is given, or the address cannot be fetched.</exception>
    public Task<OutgoingFile> OpenAsync(JsonObject fields, CancellationToken ct) => OpenAsync(fields, null, ct);

    /// <inheritdoc cref="OpenAsync(JsonObject, CancellationToken)"/>
    /// <param name="trusted">A server that may be at a private address.</param>
    public async Task<OutgoingFile> OpenAsync(JsonObject fields, Uri? trusted, CancellationToken ct)
    {
        var (url, data) = (Body.Text(fields, "url"), Body.Text(fields, "data"));
        var given = (Mimetype: Body.Text(fields, "mimetype"), Name: MimeTypes.CleanName(Body.Text(fields, "filename")));
        if (string.IsNullOrEmpty(url) && string.IsNullOrEmpty(data)) throw new RuleException("Either \"url\" or \"data\" must be specified.");
        var path = ScratchFolder.NewFile(settings);
        try
        {
            if (string.IsNullOrEmpty(url))
            {
                var (bytes, mimetype) = Decode(data!);
                await File.WriteAllBytesAsync(path, bytes, ct);
                return await DescribeAsync(path, given.Mimetype, given.Name, mimetype, ct);
            }

            // Some clients put a data: address where an address belongs.
            if (url.StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase))
            {
                var (bytes, mimetype) = Decode(url);
                await File.WriteAllBytesAsync(path, bytes, ct);
                return await DescribeAsync(path, given.Mimetype, given.Name, mimetype, ct);
            }

            if (!Uri.TryCreate(url, UriKind.Absolute, out var address)) throw new InvalidRequestException("file.url must be an URL address");
            var fetched = await remote.FetchAsync(address, path, trusted, ct);
            return await DescribeAsync(path, given.Mimetype, given.Name ?? MimeTypes.CleanName(fetched.FileName) ?? NameIn(address), fetched.Mimetype, ct);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static (byte[] Bytes, string? Mimetype) Decode(string data)
    {
        string? mimetype = null;
        if (data.StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase) && data.IndexOf(',', StringComparison.Ordinal) is > 0 and var comma)
        {
            mimetype = data[DataScheme.Length..comma].Replace(";base64", "", StringComparison.OrdinalIgnoreCase);
            data = data[(comma + 1)..];
        }

        try
        {
            return (Convert.FromBase64String(data), mimetype);
        }
        catch (FormatException)
        {
            throw new InvalidRequestException("file.data must be base64");
        }
    }

    /// <summary>What the caller says goes first, then the first bytes, then the name, then what the server said; a container format's name knows better than its bytes.</summary>
    private static async Task<OutgoingFile> DescribeAsync(string path, string? given, string? name, string? said, CancellationToken ct)
    {
        var head = new byte[MimeTypes.HeadBytes];
        int length;
        await using (var file = File.OpenRead(path)) length = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct);
        var detected = MimeTypes.Detect(head.AsSpan(0, length));
        var named = MimeTypes.OfName(name);
        var guess = detected is null or "application/zip" ? named ?? Known(said) ?? detected : detected;
        var mimetype = Known(given) ?? guess ?? MimeTypes.Unknown;
        return new(path, mimetype, name ?? $"file.{MimeTypes.ExtensionOf(mimetype)}");
    }

    private static string? Known(string? mimetype) => string.IsNullOrEmpty(mimetype) || MimeTypes.Clean(mimetype) is MimeTypes.Unknown ? null : MimeTypes.Clean(mimetype);

    private static string? NameIn(Uri address) => Path.GetExtension(address.AbsolutePath).Length > 1 ? MimeTypes.CleanName(Uri.UnescapeDataString(address.AbsolutePath)) : null;
}
