using System.Text;
using Microsoft.AspNetCore.Http;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>What the simulated Chatwoot is asked, for faults that meet only some of it.</summary>
internal static class SentRequests
{
    /// <summary>A message without files is to be posted.</summary>
    public static bool IsMessage(this HttpRequest request) => request.Method == "POST" && request.Path.Value!.EndsWith("/messages", StringComparison.Ordinal) && request.HasJsonContentType();

    /// <summary>Whether the body has some text, as JSON writes it.</summary>
    public static bool Says(this HttpRequest request, string part)
    {
        using var copy = new MemoryStream();
        request.Body.CopyTo(copy);
        request.Body.Position = 0;
        return Encoding.UTF8.GetString(copy.ToArray()).Contains(part, StringComparison.Ordinal);
    }
}
