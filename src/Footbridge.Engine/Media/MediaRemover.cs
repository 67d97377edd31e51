using System.Net;
using System.Text;

namespace Footbridge.Engine.Media;

/// <summary>Takes files off the media hosts that were meant for this device alone. Source: docs/protocol/history.md.</summary>
internal sealed class MediaRemover(MediaHosts hosts, MediaHttp http)
{
    private const string ProofHeader = "Companion_User_Secret";

    /// <param name="handle">What the file's announcement calls it, when it does; <paramref name="proof"/> must go with it.</param>
    /// <exception cref="Messages.NotOnlineException">The account is not online.</exception>
    /// <exception cref="MediaFailedException">No media host did it.</exception>
    public async Task RemoveAsync(MediaReference reference, string? handle, string? proof, CancellationToken ct)
    {
        if (reference is not { DirectPath: ['/', ..] path, FileEncSha256: { } hash }) return;
        var connection = await hosts.ConnectAsync(null, ct);
        if (connection.Hosts.Where(host => host.TakesUploads).Select(host => host.Authority).FirstOrDefault() is not { } authority) return;
        var token = MediaHosts.Base64Url(hash);
        var place = Convert.ToBase64String(Encoding.UTF8.GetBytes(path.Split('?')[0])).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var name = handle is null ? "" : $"&e_handle={Uri.EscapeDataString(handle)}";
        using var watch = http.Watch(ct);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, $"https://{authority}/mms/{reference.Kind.MmsType}/{token}?token={token}&d_md={place}&auth={Uri.EscapeDataString(connection.Auth)}{name}")
            {
                Headers = { { "Origin", MediaUploader.Origin }, { "Referer", MediaUploader.Origin + "/" } },
            };
            if (handle is not null && proof is not null) request.Headers.TryAddWithoutValidation(ProofHeader, proof);
            using var response = await http.SendAsync(request, watch.Token);
            if (!response.IsSuccessStatusCode && response.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Gone)) throw new MediaFailedException($"WhatsApp's media host answered the deletion with {(int)response.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && watch.HasStalled && !ct.IsCancellationRequested))
        {
            throw new MediaFailedException($"the media host {authority} could not be reached: {e.Message}", e);
        }
    }
}
