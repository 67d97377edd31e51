using System.Buffers.Binary;
using System.Globalization;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Channels;

/// <summary>The numbers that messages have in their channel, by message id: reactions name them.</summary>
internal static class ServerIds
{
    // Message ids are long and rarely digits alone; a channel's numbers count up from 1.
    private const int MaxDigits = 12;

    public static void Keep(Jid channel, string id, long serverId, StoreBatch batch)
    {
        if (serverId <= 0 || id.Length == 0) return;
        var value = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(value, serverId);
        batch.Put(StateKind.ChannelServerId, KeyOf(channel, id), value);
    }

    /// <param name="id">A message's id, or the number itself.</param>
    public static async ValueTask<long?> FindAsync(IDeviceStore store, Jid channel, string id, CancellationToken ct)
    {
        if (await store.GetAsync(StateKind.ChannelServerId, KeyOf(channel, id), ct) is { Length: 8 } known) return BinaryPrimitives.ReadInt64BigEndian(known);
        return id.Length <= MaxDigits && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
    }

    private static string KeyOf(Jid channel, string id) => $"{channel.User}|{id}";
}
