namespace Footbridge.Engine;

/// <summary>How one account connects. Defaults are those of docs/protocol/timers.md.</summary>
public sealed record WaClientOptions
{
    public Uri ChatUrl { get; init; } = new("wss://web.whatsapp.com/ws/chat");

    /// <summary>Noise roots that a certificate chain may end in, 32-byte X25519 public keys with their serial.</summary>
    public IReadOnlyList<NoiseRoot> NoiseRoots { get; init; } = [NoiseRoot.WhatsApp];

    /// <summary>Logs in with a short handshake when the server's key is known from the last one. The server may always ask for the full one.</summary>
    public bool ResumesHandshake { get; init; } = true;

    /// <summary>The web version that is told to the server; share one among accounts, since it may be refreshed.</summary>
    public WebVersion Version { get; init; } = new();

    /// <summary>Page to read the newest web version from when the server refuses ours; null: never look.</summary>
    public Uri? VersionPage { get; init; }

    /// <summary>Everything that leaves for WhatsApp goes through it, or not at all; null: direct.</summary>
    public ProxyAddress? Proxy { get; init; }

    /// <summary>The name the phone shows under linked devices.</summary>
    public string DeviceName { get; init; } = "Footbridge";

    /// <summary>As what the device shows itself on the phone; counts when it is linked.</summary>
    public CompanionBrowser Browser { get; init; } = CompanionBrowser.Chrome;

    /// <summary>What the phone shows while it is linked by code. The server refuses shapes it does not know, so this is not the device's name.</summary>
    public string LinkCodeDisplay { get; init; } = "Chrome (Linux)";

    /// <summary>Asks the phone, when it links this device, for its whole history instead of the recent months.</summary>
    public bool FullHistory { get; init; }

    /// <summary>How far back the history goes, in days; null leaves it to the phone.</summary>
    public uint? HistoryDays { get; init; }

    /// <summary>How large the history may be, in megabytes; null leaves it to the phone.</summary>
    public uint? HistorySizeMegabytes { get; init; }

    /// <summary>How long a device that has none waits for the phone's first keys of the app state: a phone that has just linked it sends them within seconds.</summary>
    public TimeSpan FirstKeysPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What the host knows of chats, for actions that name a chat's last message; without it they name none.</summary>
    public AppState.IChatHistory? ChatHistory { get; init; }

    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(20);

    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan MessageAckTimeout { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>How long a message that cannot be read may come again from its sender before the phone is asked for it.</summary>
    public TimeSpan PlaceholderDelay { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan FirstQrLifetime { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan NextQrLifetime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a passkey's answer, and then the confirmation of its code, is waited for.</summary>
    public TimeSpan PasskeyPatience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>For how long after WhatsApp asked for the passkey the phone believes that it knows this device, so that no code need be compared.</summary>
    public TimeSpan PasskeyHandoffLifetime { get; init; } = Protocol.Pairing.PasskeyHandoff.Lifetime;

    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(25);

    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether the account shows itself as online while it is being used; "typing" is never automatic.</summary>
    public bool AutoOnline { get; init; } = true;

    /// <summary>How long after its last use the account shows itself as offline.</summary>
    public TimeSpan AutoOnlineFor { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long somebody counts as typing when nothing more is heard.</summary>
    public TimeSpan TypingLifetime { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Without an answer for so long, a query is sent that the server always answers: pings alone do not show that a stream is not frozen.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest wait for that answer.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>So many different messages in a row that cannot be decrypted mean that it is us.</summary>
    public int UndecryptableLimit { get; init; } = 8;

    /// <summary>From at least so many senders.</summary>
    public int UndecryptableSenders { get; init; } = 3;

    /// <summary>Connections made anew on suspicion in one hour; then only an alert is raised.</summary>
    public int LivenessRestartsPerHour { get; init; } = 4;

    /// <summary>Wait before the n-th reconnect is n times this, capped at <see cref="ReconnectMaxDelay"/>, with 20 % jitter.</summary>
    public TimeSpan ReconnectStep { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan ReconnectMaxDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Makes the requests to media hosts, through a proxy for instance; it must not follow redirects. Null: a plain one, shared by all accounts.</summary>
    public HttpMessageHandler? MediaHandler { get; init; }

    public Media.MediaOptions Media { get; init; } = new();
}

/// <summary>What a linked device says it is. The numbers are those of QR and linking codes. Source: docs/protocol/pairing.md.</summary>
public enum CompanionBrowser
{
    /// <summary>The phone shows another device.</summary>
    Other = 0,
    Chrome = 1,
    Edge = 2,
    Firefox = 3,
    InternetExplorer = 4,
    Opera = 5,
    Safari = 6,
    Desktop = 7,
}

/// <summary>A pinned Noise root. Source: docs/protocol/noise.md.</summary>
public sealed record NoiseRoot(ReadOnlyMemory<byte> PublicKey, uint Serial)
{
    public static NoiseRoot WhatsApp { get; } =
        new(Convert.FromHexString("142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b"), 0);
}
