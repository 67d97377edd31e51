using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Footbridge.Engine.Pairing;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Google.Protobuf;

namespace Footbridge.Engine.Connection;

/// <summary>What the client tells of itself at the end of the handshake. Source: docs/protocol/connection.md.</summary>
internal static class ClientPayloads
{
    private const uint Primary = 2;
    private const uint Secondary = 3000;
    private const uint HistoryQuotaMegabytes = 10_240;

    public static ClientPayload For(Credentials credentials, WaClientOptions options) =>
        credentials.Account is null ? Register(credentials, options) : Login(credentials, options);

    private static ClientPayload Login(Credentials credentials, WaClientOptions options)
    {
        var payload = Common(options);
        payload.Username = ulong.Parse(credentials.Account!.Phone.User, NumberStyles.None, CultureInfo.InvariantCulture);
        payload.Device = credentials.Account.Phone.Device;
        payload.Passive = true;
        payload.Pull = true;
        payload.LidDbMigrated = true;
        return payload;
    }

    private static ClientPayload Register(Credentials credentials, WaClientOptions options)
    {
        var payload = Common(options);
        payload.Passive = false;
        payload.Pull = false;
        var version = string.Create(CultureInfo.InvariantCulture, $"{Primary}.{Secondary}.{options.Version.Revision}");
        payload.DevicePairingData = new()
        {
            ERegid = ByteString.CopyFrom(BigEndian(credentials.Identity.RegistrationId)),
            EKeytype = ByteString.CopyFrom(SignalKeys.Type),
            EIdent = ByteString.CopyFrom(credentials.Identity.Identity.Public),
            ESkeyId = ByteString.CopyFrom(BigEndian(credentials.SignedPreKey.Id).AsSpan(1)),
            ESkeyVal = ByteString.CopyFrom(credentials.SignedPreKey.Key.Public),
            ESkeySig = ByteString.CopyFrom(credentials.SignedPreKey.Signature),
#pragma warning disable CA5351 // The protocol names the web version by its MD5; nothing is secured by it.
            BuildHash = ByteString.CopyFrom(MD5.HashData(Encoding.ASCII.GetBytes(version))),
#pragma warning restore CA5351
            DeviceProps = DeviceProps(options).ToByteString(),
        };
        return payload;
    }

    private static ClientPayload Common(WaClientOptions options) => new()
    {
        UserAgent = new()
        {
            Platform = ClientPayload.Types.UserAgent.Types.Platform.Web,
            AppVersion = new() { Primary = Primary, Secondary = Secondary, Tertiary = options.Version.Revision },
            Mcc = "000",
            Mnc = "000",
            OsVersion = "0.1",
            OsBuildNumber = "0.1",
            Manufacturer = "",
            Device = "Desktop",
            ReleaseChannel = ClientPayload.Types.UserAgent.Types.ReleaseChannel.Release,
            LocaleLanguageIso6391 = "en",
            LocaleCountryIso31661Alpha2 = "US",
        },
        WebInfo = new() { WebSubPlatform = ClientPayload.Types.WebInfo.Types.WebSubPlatform.WebBrowser },
        ConnectType = ClientPayload.Types.ConnectType.WifiUnknown,
        ConnectReason = ClientPayload.Types.ConnectReason.UserActivated,
    };

    private static DeviceProps DeviceProps(WaClientOptions options) => new()
    {
        Os = options.DeviceName,
        Version = new() { Primary = 0, Secondary = 1, Tertiary = 0 },
        PlatformType = PlatformOf(options.Browser),
        RequireFullSync = options.FullHistory,
        HistorySyncConfig = HistoryConfig(options),
    };

    public static DeviceProps.Types.PlatformType PlatformOf(CompanionBrowser browser) => browser switch
    {
        CompanionBrowser.Chrome => Footbridge.Protocol.Generated.DeviceProps.Types.PlatformType.Chrome,
        CompanionBrowser.Edge => Footbridge.Protocol.Generated.DeviceProps.Types.PlatformType.Edge,
        CompanionBrowser.Firefox => Footbridge.Protocol.Generated.DeviceProps.Types.PlatformType.Firefox,
        CompanionBrowser.InternetExplorer => Footbridge.Protocol.Generated.DeviceProps.Types.PlatformType.Ie,
        CompanionBrowser.Opera => Footbridge.Protocol.Generated.DeviceProps.Types.PlatformType.Opera,
        CompanionBrowser.Safari => Footbridge.Protocol.Generated.DeviceProps.Types.PlatformType.Safari,
        CompanionBrowser.Desktop => Footbridge.Protocol.Generated.DeviceProps.Types.PlatformType.Desktop,
        _ => Footbridge.Protocol.Generated.DeviceProps.Types.PlatformType.Unknown,
    };

    /// <summary>What history this device can take; the phone decides what it gives. Source: docs/protocol/history.md.</summary>
    private static DeviceProps.Types.HistorySyncConfig HistoryConfig(WaClientOptions options)
    {
        var config = new DeviceProps.Types.HistorySyncConfig
        {
            StorageQuotaMb = HistoryQuotaMegabytes,
            InlineInitialPayloadInE2EeMsg = true,
            SupportCallLogHistory = false,
            SupportBotUserAgentChatHistory = true,
            SupportCagReactionsAndPolls = true,
            SupportBizHostedMsg = true,
            SupportRecentSyncChunkMessageCountTuning = true,
            SupportHostedGroupMsg = true,
            SupportFbidBotChatHistory = true,
            SupportMessageAssociation = true,
            SupportGroupHistory = false,
        };
        if (options.HistoryDays is { } days) config.FullSyncDaysLimit = days;
        if (options.HistorySizeMegabytes is { } megabytes) config.FullSyncSizeMbLimit = megabytes;
        return config;
    }


    private static byte[] BigEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
