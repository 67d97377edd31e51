using System.Globalization;
using System.IO.Compression;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using ProtocolMessage = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage;

namespace Footbridge.Engine.Contacts;

/// <summary>The list of pairs that the account's phone sends when it moves its chats to LIDs. Inside the loop. Source: docs/protocol/devices-lid.md.</summary>
internal sealed class LidMigration(AccountContext context) : IPeerHandler
{
    /// <summary>Largest list taken in, inflated: some hundred thousand pairs.</summary>
    private const int MaxBytes = 8 * 1024 * 1024;

    public async ValueTask<bool> HandleAsync(ProtocolMessage message, MessageSource source, StoreBatch batch, CancellationToken ct)
    {
        if (message.LidMigrationMappingSyncMessage is not { } sync) return false;
        if (source.Device.Device != 0) return true;
        foreach (var pair in Read(sync.EncodedMappingPayload.ToByteArray()).PnToLidMappings)
        {
            // What was assigned first may have been replaced since.
            var lid = pair.LatestLid > 0 ? pair.LatestLid : pair.AssignedLid;
            if (pair.Pn == 0 || lid == 0) continue;
            await context.State.LearnPairAsync(Of(pair.Pn, JidServer.User), Of(lid, JidServer.Lid), PairSource.Migration, source.Time, batch, ct);
        }

        return true;
    }

    /// <exception cref="ProtocolException">It is no list, or larger than <see cref="MaxBytes"/>.</exception>
    internal static LIDMigrationMappingSyncPayload Read(byte[] payload) => Protobuf.Parse(LIDMigrationMappingSyncPayload.Parser, Inflate(payload));

    /// <summary>Some phones send it as it is, some compressed; no list begins like either format.</summary>
    private static byte[] Inflate(byte[] payload)
    {
        var input = new MemoryStream(payload, writable: false);
        using Stream? inflated = payload switch
        {
            [0x1F, 0x8B, ..] => new GZipStream(input, CompressionMode.Decompress),
            [0x78, var flags, ..] when (0x7800 | flags) % 31 == 0 => new ZLibStream(input, CompressionMode.Decompress),
            _ => null,
        };
        return inflated is null ? payload : Inflation.ReadAll(inflated, MaxBytes, "a list of pairs");
    }

    private static Jid Of(ulong user, string server) => new(user.ToString(CultureInfo.InvariantCulture), server);
}
