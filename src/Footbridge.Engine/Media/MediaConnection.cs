using Footbridge.Engine.Connection;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Media;

/// <summary>The media hosts the server names, and the right to upload to them. Source: docs/protocol/media.md.</summary>
internal sealed record MediaConnection(string Auth, TimeSpan Lifetime, IReadOnlyList<MediaHost> Hosts)
{
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(1);

    public static Node Query { get; } = Iq.Set("w:m", Node.Of("media_conn"));

    /// <exception cref="ProtocolException">The answer names no right and no host.</exception>
    public static MediaConnection Parse(Node answer)
    {
        var media = answer.Child("media_conn") ?? throw new ProtocolException("the answer has no <media_conn>");
        var lifetime = media.LongOf("ttl") is { } seconds and > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, LongestLifetime.TotalSeconds)) : DefaultLifetime;
        var hosts = media.ChildrenOf("host").Select(MediaHost.Parse).ToList();
        // Fallbacks come last whatever the order; the order is the server's otherwise.
        return new(media.Required("auth"), lifetime, [.. hosts.Where(h => !h.IsFallback), .. hosts.Where(h => h.IsFallback)]);
    }

    /// <summary>May hold the right to upload.</summary>
    public override string ToString() => $"{Hosts.Count} media hosts, auth [redacted]";
}

/// <param name="Authority">Host name, with port if any.</param>
internal readonly record struct MediaHost(string Authority, bool IsFallback, bool TakesUploads, bool GivesDownloads)
{
    /// <exception cref="ProtocolException">The name is no host name.</exception>
    public static MediaHost Parse(Node host)
    {
        var name = host.Required("hostname");
        if (!Uri.TryCreate($"https://{name}/", UriKind.Absolute, out var uri) || !uri.Authority.Equals(name, StringComparison.OrdinalIgnoreCase)) throw new ProtocolException("a media host has a malformed name");
        // A host that says nothing of what it is for is for everything.
        var saysNothing = host.Child("upload") is null && host.Child("download") is null;
        return new(uri.Authority, host["type"] == "fallback", saysNothing || host.Child("upload") is not null, saysNothing || host.Child("download") is not null);
    }
}
