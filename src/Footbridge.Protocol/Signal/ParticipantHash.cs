using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Footbridge.Protocol.Xml;

namespace Footbridge.Protocol.Signal;

/// <summary>The hash by which a sender and the server compare whom a group message is for. Source: docs/protocol/groups.md.</summary>
public static class ParticipantHash
{
    private const int HashBytes = 6;

    /// <summary><c>2:</c> and 8 characters of base64; the order of the devices does not matter.</summary>
    public static string Of(IEnumerable<Jid> devices)
    {
        var texts = devices.Select(device => string.Create(CultureInfo.InvariantCulture, $"{device.User}.0:{device.Device}@{device.Server}")).Order(StringComparer.Ordinal);
        return "2:" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(texts))).AsSpan(0, HashBytes));
    }
}
