using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Footbridge.Engine;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Config;

/// <summary>Everything an operator can set, from the environment.</summary>
internal sealed class Settings
{
    private string? _publicUrl;

    [Range(0, 65535)] public int Port { get; set; } = 3000;

    public string Bind { get; set; } = "*";

    public string DataFolder { get; set; } = "./data";

    /// <summary>The address of this server as people reach it; no slash at the end.</summary>
    public string PublicUrl
    {
        get => _publicUrl ?? $"{PublicScheme}://{PublicHost}:{Port}";
        set => _publicUrl = value;
    }

    /// <summary>Of the public address when that is not given as a whole.</summary>
    public string PublicHost { get; set; } = "localhost";

    /// <summary>Of the public address when that is not given as a whole.</summary>
    public string PublicScheme { get; set; } = "http";

    /// <summary>Plain, or <c>sha512:</c> and the hex digest; null lets the server make one.</summary>
    public string? ApiKey { get; set; }

    public string DashboardUser { get; set; } = "admin";

    public string? DashboardPassword { get; set; }

    public bool DashboardEnabled { get; set; } = true;

    /// <summary>Everybody who can reach the pages may act on them.</summary>
    public bool DashboardNeedsNoPassword { get; set; }

    public string ViewerUser { get; set; } = "viewer";

    /// <summary>Null: there is no second user.</summary>
    public string? ViewerPassword { get; set; }

    public Uri WhatsAppUrl { get; set; } = new WaClientOptions().ChatUrl;

    /// <summary>A further Noise root to trust, 32 bytes; for a simulator.</summary>
    public byte[]? NoiseRoot { get; set; }

    public string DeviceName { get; set; } = "Footbridge";

    /// <summary>Whether accounts show themselves as online while they are used, and for how long after.</summary>
    public bool AutoOnline { get; set; } = true;

    public TimeSpan AutoOnlineFor { get; set; } = new WaClientOptions().AutoOnlineFor;

    public JobSettings Jobs { get; } = new();

    public SessionSettings Sessions { get; } = new();

    public MediaSettings Media { get; } = new();

    /// <summary>Where files of messages lie, a folder for each session.</summary>
    public string FilesFolder => Media.Folder ?? Path.Combine(DataFolder, "files");

    public WebhookSettings Webhooks { get; set; } = new();

    public IgnoreDefaults Ignore { get; } = new();

    /// <summary>Where the jobs are kept and shared; null: in the database of this process.</summary>
    public string? RedisUrl { get; set; }

    public Roles Roles { get; set; } = Roles.All;

    /// <summary>For a process that only works: where the API is.</summary>
    public Uri? ApiUrl { get; set; }

    /// <summary>Lets workers of their own in; the same on both sides. Null: there are none.</summary>
    public string? WorkerKey { get; set; }

    /// <summary>Tells installations apart that share one Redis.</summary>
    public string WorkerId { get; set; } = "";

    public TimeSpan ChatwootAwayLimit { get; set; } = TimeSpan.FromHours(48);

    /// <summary>How often Chatwoot's messages are compared with the ledger; zero: never.</summary>
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>An agent's message that is found later than this after it was written is not sent; the agent is asked.</summary>
    public TimeSpan LateReply { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long an agent's message is left to its callback.</summary>
    public TimeSpan ReconcileGrace { get; set; } = TimeSpan.FromSeconds(20);

    [Range(1, 3650)] public int LedgerDays { get; set; } = 30;

    /// <summary>How long messages stay readable; zero: for ever.</summary>
    [Range(0, 36500)] public int ArchiveDays { get; set; }

    /// <summary>Folder with an operator's own languages of the ChatWoot app; null: there is none.</summary>
    public string? LanguagesFolder { get; set; }

    /// <summary>How long a reaction, a poll's totals and the like wait for what may follow, so that several changes are one entry; zero: not at all.</summary>
    public TimeSpan QuietWindow { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How often it is looked again whether an agent has decided whose contact a message belongs to.</summary>
    public TimeSpan QuarantineWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many profile pictures a session asks WhatsApp for in an hour, for contacts in Chatwoot; 0: none.</summary>
    public int PicturesPerHour { get; set; } = 60;

    /// <summary>Where it can be read which version is the newest; null: nobody is asked.</summary>
    public Uri? VersionFeed { get; set; }

    /// <summary>What stands before commands outside the integration conversation.</summary>
    public string CommandPrefix { get; set; } = "wa/";

    /// <summary>A message from WhatsApp that is older than this when it arrives in the inbox says when it was written.</summary>
    public TimeSpan DateLineAfter { get; set; } = TimeSpan.FromSeconds(600);

    /// <summary>Whether agents are told of tries that failed when another follows, and of those that helped.</summary>
    public bool TellsOfRetries { get; set; }

    /// <summary>Largest file that is posted into the inbox, MiB; of a larger one a link.</summary>
    [Range(1, 100_000)] public int ChatwootMaxFileMegabytes { get; set; } = 40;

    /// <summary>Whether voice messages are posted as copies that every browser plays.</summary>
    public bool ChatwootConvertsVoice { get; set; } = true;

    public TimeSpan ChatwootTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public bool ChatwootMayBePrivate { get; set; } = true;

    /// <summary>Whether a link in a text may be looked up at a private or loopback address.</summary>
    public bool LinkPreviewsMayBePrivate { get; set; }

    /// <summary>The address of this server as Chatwoot reaches it; null: the public one.</summary>
    public string? CallbackUrl { get; set; }

    /// <summary>How long a callback may take that is only made to see whether it arrives.</summary>
    public TimeSpan ProbePatience { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a live-session route waits for the session to be there, then for its status. WAHA's numbers.</summary>
    public TimeSpan GuardPresenceWait { get; set; } = TimeSpan.FromSeconds(5);

    public TimeSpan GuardStatusWait { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan GuardPoll { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often sockets of the event stream are pinged; one that has not answered by the next ping is dropped.</summary>
    public TimeSpan SocketPing { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Events that may wait for one socket.</summary>
    public int SocketQueue { get; set; } = 1000;

    /// <summary>Serves <c>/metrics</c>, to anybody who can reach it.</summary>
    public bool ServesMetrics { get; set; }

    /// <summary>Where traces and metrics are sent; null: nowhere.</summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>Whether the routes of WAHA's profiler are switched on; there is no profiler behind them.</summary>
    public bool IsDebugMode { get; set; }

    public LogLevel LogLevel { get; set; } = LogLevel.Information;

    /// <summary>Free space, in MiB, below which the disk counts as full; the default is WAHA's number.</summary>
    [Range(0, 100_000_000)] public int MinFreeMegabytes { get; set; } = 100;

    public long MinFreeBytes => MinFreeMegabytes * 1024L * 1024;

    /// <summary>The time zone the process was asked to have; null: the machine's.</summary>
    public string? TimeZone { get; set; }

    public static IReadOnlyList<Setting> All { get; } =
    [
        new("WHATSAPP_API_PORT", "3000", "Port to listen on.", (s, v) => s.Port = Number(v)),
        new("PORT", "", "The same; wins over WHATSAPP_API_PORT.", (s, v) => s.Port = Number(v)),
        new("FOOTBRIDGE_BIND", "*", "Address to listen on: `*` for all, or one, such as 127.0.0.1.", (s, v) => s.Bind = v),
        new("FOOTBRIDGE_DATA", "./data", "Folder for the database and the generated secrets.", (s, v) => s.DataFolder = v),
        new("WAHA_BASE_URL", "http://localhost:3000", "Address of this server as people reach it; links to files and in error notes begin with it.", (s, v) => s.PublicUrl = Base(v)),
        new("WAHA_PUBLIC_URL", "", "The same; wins over WAHA_BASE_URL.", (s, v) => s.PublicUrl = Base(v)),
        new("FOOTBRIDGE_CALLBACK_URL", "", "Address of this server as Chatwoot reaches it, when that is another than WAHA_BASE_URL, such as `http://footbridge:3000` between containers.", (s, v) => s.CallbackUrl = Base(v)),
        new("WHATSAPP_API_HOSTNAME", "localhost", "Host of that address when WAHA_BASE_URL is not set.", (s, v) => s.PublicHost = v),
        new("WHATSAPP_API_SCHEMA", "http", "`http` or `https`: of that address when WAHA_BASE_URL is not set.", (s, v) => s.PublicScheme = v is "http" or "https" ? v : throw new FormatException("use http or https")),
        new("WAHA_API_KEY", "generated", "API key, plain or as `sha512:` and the digest in hex. Without it one is generated at first start, printed once and kept.", (s, v) => s.ApiKey = v),
        new("WHATSAPP_API_KEY", "", "The same; wins over WAHA_API_KEY.", (s, v) => s.ApiKey = v),
        new("WAHA_DASHBOARD_USERNAME", "admin", "User of the job pages.", (s, v) => s.DashboardUser = v),
        new("WAHA_DASHBOARD_PASSWORD", "generated", "Password of the job pages, plain or `sha512:`.", (s, v) => s.DashboardPassword = v),
        new("WAHA_DASHBOARD_ENABLED", "true", "`false` takes the pages away: 404 at /jobs and /dashboard.", (s, v) => s.DashboardEnabled = Flag(v)),
        new("WAHA_DASHBOARD_NO_PASSWORD", "false", "`true` lets everybody who can reach them see and use the job pages, without a login.", (s, v) => s.DashboardNeedsNoPassword = Flag(v)),
        new("FOOTBRIDGE_DASHBOARD_VIEWER_USERNAME", "viewer", "A second user of the job pages, who sees everything but message texts and changes nothing.", (s, v) => s.ViewerUser = v),
        new("FOOTBRIDGE_DASHBOARD_VIEWER_PASSWORD", "", "The second user's password, plain or `sha512:`. Without it there is no second user.", (s, v) => s.ViewerPassword = v),
        new("WAHA_DEBUG_MODE", "false", "`true`: the routes of WAHA's profiler say that they are not there, and not that they are off.", (s, v) => s.IsDebugMode = Flag(v)),
        new("TZ", "of the machine", "Time zone in which times are told and schedules run, such as `Europe/Berlin`.", (s, v) => s.TimeZone = v),
        new("WHATSAPP_HEALTH_SESSION_FILES_THRESHOLD_MB", "100", "Free space, in MiB, below which `/health` and the doctor call the disk full.", (s, v) => s.MinFreeMegabytes = Number(v)),
        new("WHATSAPP_HEALTH_SESSIONS_FILES_THRESHOLD_MB", "", "The same; wins over WHATSAPP_HEALTH_SESSION_FILES_THRESHOLD_MB.", (s, v) => s.MinFreeMegabytes = Number(v)),
        new("WAHA_LOG_LEVEL", "info", "error, warn, info, debug or trace.", (s, v) => s.LogLevel = Level(v)),
        new("WAHA_CLIENT_DEVICE_NAME", "Footbridge", "Name under linked devices on the phone.", (s, v) => s.DeviceName = v),
        new("WAHA_PRESENCE_AUTO_ONLINE", "true", "Whether an account shows itself as online while it is used. `false`: only when asked to.", (s, v) => s.AutoOnline = Flag(v)),
        new("WAHA_PRESENCE_AUTO_ONLINE_DURATION_SECONDS", "25", "How long after its last use an account shows itself as offline again.", (s, v) => s.AutoOnlineFor = TimeSpan.FromSeconds(Number(v))),
        new("WAHA_APPS_JOBS_CONCURRENCY", "50", "Jobs that run at the same time, in different chats.", (s, v) => s.Jobs.Concurrency = Number(v)),
        new("WAHA_APPS_JOBS_ATTEMPTS", "3", "Tries of a job before it is reported as failed.", (s, v) => s.Jobs.Attempts = Number(v)),
        new("WAHA_APPS_JOBS_DELAY", "0", "Milliseconds a job waits before its first try.", (s, v) => s.Jobs.Delay = TimeSpan.FromMilliseconds(Number(v))),
        new("WAHA_APPS_JOBS_BACKOFF_TYPE", "exponential", "How the wait between tries grows: `exponential` (doubled each time) or `fixed`.", (s, v) => s.Jobs.IsBackoffFixed = Backoff(v)),
        new("WAHA_APPS_JOBS_BACKOFF_DELAY", "1000", "Milliseconds before the second try.", (s, v) => s.Jobs.BackoffDelay = TimeSpan.FromMilliseconds(Number(v))),
        new("WAHA_APPS_JOBS_REMOVE_ON_COMPLETE_AGE", "259200", "Seconds a completed job is kept.", (s, v) => s.Jobs.KeepCompletedFor = TimeSpan.FromSeconds(Number(v))),
        new("WAHA_APPS_JOBS_REMOVE_ON_COMPLETE_COUNT", "1000", "Completed jobs kept of each queue.", (s, v) => s.Jobs.KeepCompletedCount = Number(v)),
        new("WAHA_APPS_JOBS_REMOVE_ON_FAIL_AGE", "2678400", "Seconds a failed job is kept. What it was to carry stays in the ledger.", (s, v) => s.Jobs.KeepFailedFor = TimeSpan.FromSeconds(Number(v))),
        new("WAHA_APPS_JOBS_REMOVE_ON_FAIL_COUNT", "1000", "Failed jobs kept of each queue. What they were to carry stays in the ledger.", (s, v) => s.Jobs.KeepFailedCount = Number(v)),
        new("FOOTBRIDGE_JOBS_BULK_CONCURRENCY", "10", "How many of the jobs that run at the same time may belong to an import.", (s, v) => s.Jobs.BulkConcurrency = Number(v)),
        new("FOOTBRIDGE_JOBS_LEASE_SECONDS", "30", "How long the jobs of a worker that died are kept for it before another takes them (with Redis; 1 to 600).", (s, v) => s.Jobs.Lease = TimeSpan.FromSeconds(Number(v))),
        new("REDIS_URL", "", "`redis://user:password@host:port/db`, or `rediss://` for TLS: the jobs are kept there and any number of workers share them. Without it they are in the database.", (s, v) => s.RedisUrl = v),
        new("FOOTBRIDGE_ROLES", "api,worker,session", "What this process does. `worker` alone makes a further worker on the same Redis; `api` and `session` go together, with the database.", (s, v) => s.Roles = ReadRoles(v)),
        new("FOOTBRIDGE_API_URL", "", "For a process with the role `worker` alone: the address of the process with the API.", (s, v) => s.ApiUrl = Address(v)),
        new("FOOTBRIDGE_WORKER_KEY", "", "A secret of at least 16 characters that lets such workers in; the same on both sides. Without it there are none.", (s, v) => s.WorkerKey = v),
        new("WAHA_WORKER_ID", "", "Tells installations apart that share one Redis.", (s, v) => s.WorkerId = v),
        new("FOOTBRIDGE_CHATWOOT_AWAY_HOURS", "48", "How long messages wait for a Chatwoot that is down before they are reported as failed.", (s, v) => s.ChatwootAwayLimit = TimeSpan.FromHours(Number(v))),
        new("FOOTBRIDGE_RECONCILE_SECONDS", "60", "How often Chatwoot's messages are compared with what was delivered; `0`: never. Inboxes at rest have every fifth turn.", (s, v) => s.ReconcileInterval = TimeSpan.FromSeconds(Number(v))),
        new("FOOTBRIDGE_LATE_REPLY_MINUTES", "15", "An agent's message that no callback told of is sent when it is found within this time; later the agent is asked instead.", (s, v) => s.LateReply = TimeSpan.FromMinutes(Number(v))),
        new("FOOTBRIDGE_LEDGER_DAYS", "30", "How long it can be looked up what became of a message.", (s, v) => s.LedgerDays = Number(v)),
        new("FOOTBRIDGE_ARCHIVE_DAYS", "0", "How long the API still finds a message; `0`: for ever.", (s, v) => s.ArchiveDays = Number(v)),
        new("WAHA_APPS_CHATWOOT_LANGUAGES_FOLDER", "", "Folder with texts of your own for the ChatWoot app: `{locale}.yml` or `.yaml` over a built-in language, or a new one. Read at start, by workers too.", (s, v) => s.LanguagesFolder = v),
        new("FOOTBRIDGE_LANGUAGES_FOLDER", "", "The same; wins over WAHA_APPS_CHATWOOT_LANGUAGES_FOLDER.", (s, v) => s.LanguagesFolder = v),
        new("WAHA_CHATWOOT_COMMAND_PREFIX", "wa/", "What agents write before a command outside the integration conversation, where it can be left out.", (s, v) => s.CommandPrefix = v.Trim().Length > 0 ? v.Trim() : throw new FormatException("give at least one character")),
        new("FOOTBRIDGE_VERSION_FEED", "", "Address that answers like GitHub for a project's latest release (`tag_name`, `html_url`). It is asked once a week, and a newer version is told in the integration conversation. Without it nobody is asked.", (s, v) => s.VersionFeed = Uri.TryCreate(v, UriKind.Absolute, out var feed) && feed.Scheme is "http" or "https" ? feed : throw new FormatException("use an http or https address")),
        new("WAHA_CHATWOOT_MESSAGE_CALENDAR_THRESHOLD_SECONDS", "600", "A message that is older than this when it arrives in the inbox says when it was written.", (s, v) => s.DateLineAfter = TimeSpan.FromSeconds(Number(v))),
        new("FOOTBRIDGE_CHATWOOT_QUIET_SECONDS", "3", "How long a reaction, the totals of a poll and the count of a group's readers wait for what may follow, so that several changes become one entry; `0`: not at all. Messages never wait for them.", (s, v) => s.QuietWindow = TimeSpan.FromSeconds(Number(v))),
        new("FOOTBRIDGE_CHATWOOT_PICTURES_PER_HOUR", "60", "How many profile pictures a session asks WhatsApp for in an hour, so that contacts have them; `0`: none.", (s, v) => s.PicturesPerHour = Number(v)),
        new("FOOTBRIDGE_CHATWOOT_RETRY_NOTES", "false", "`true`: agents get a note of each try that failed when another follows, and of one that helped. Without it only of the last one.", (s, v) => s.TellsOfRetries = Flag(v)),
        new("FOOTBRIDGE_CHATWOOT_VOICE", "compatible", "`compatible`: voice messages are posted as AAC, which plays in every browser (needs ffmpeg); `original`: as WhatsApp has them, which Apple's do not play.", (s, v) => s.ChatwootConvertsVoice = v is "compatible" or "original" ? v == "compatible" : throw new FormatException("use compatible or original")),
        new("MAXIMUM_FILE_UPLOAD_SIZE", "40", "Largest file, in MiB, that is posted into the inbox; of a larger one agents get a link. The same as in Chatwoot's own settings.", (s, v) => s.ChatwootMaxFileMegabytes = Number(v)),
        new("FOOTBRIDGE_CHATWOOT_TIMEOUT_SECONDS", "30", "Longest wait for one answer of Chatwoot.", (s, v) => s.ChatwootTimeout = TimeSpan.FromSeconds(Number(v))),
        new("FOOTBRIDGE_CHATWOOT_ALLOW_PRIVATE", "true", "Whether Chatwoot may be at a private or loopback address. Link-local addresses are never called.", (s, v) => s.ChatwootMayBePrivate = Flag(v)),
        new("WHATSAPP_DOWNLOAD_MEDIA", "true", "`false`: files of messages are not fetched; events say that there is one.", (s, v) => s.Media.Downloads = Flag(v)),
        new("WHATSAPP_FILES_MIMETYPES", "", "Fetches only files whose mimetype begins with one of these, such as `audio,image/png`.", (s, v) => s.Media.Mimetypes = v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
        new("WHATSAPP_FILES_LIFETIME", "180", "Seconds a fetched file stays on the disk; asked for later it is fetched again. `0`: for ever.", (s, v) => s.Media.Lifetime = TimeSpan.FromSeconds(Number(v))),
        new("WHATSAPP_FILES_FOLDER", "files in the data folder", "Where files of messages lie.", (s, v) => s.Media.Folder = v),
        new("FOOTBRIDGE_MEDIA_CONCURRENCY", "4", "Files fetched from WhatsApp at the same time.", (s, v) => s.Media.Concurrency = Number(v)),
        new("FOOTBRIDGE_MEDIA_MAX_MB", "2048", "Largest file, in MiB, that is fetched or sent.", (s, v) => s.Media.MaxMegabytes = Number(v)),
        new("FOOTBRIDGE_MEDIA_ALLOW_PRIVATE", "true", "Whether a file to send may be at a private or loopback address. Link-local addresses are never called.", (s, v) => s.Media.SourcesMayBePrivate = Flag(v)),
        new("FOOTBRIDGE_FFMPEG", "ffmpeg", "Path of ffmpeg, which converts voice messages and videos and makes thumbnails of these.", (s, v) => s.Media.Ffmpeg = v),
        new("FOOTBRIDGE_FFMPEG_SECONDS", "120", "Longest run of one conversion.", (s, v) => s.Media.FfmpegTimeout = TimeSpan.FromSeconds(Number(v))),
        new("FOOTBRIDGE_LINK_PREVIEW_ALLOW_PRIVATE", "false", "Whether the links in texts are looked up for their preview also at private and loopback addresses.", (s, v) => s.LinkPreviewsMayBePrivate = Flag(v)),
        .. WebhookSettings.All,
        new("WAHA_PROMETHEUS_ENABLED", "false", "`true` serves metrics at /metrics, without a key.", (s, v) => s.ServesMetrics = Flag(v)),
        new("OTEL_EXPORTER_OTLP_ENDPOINT", "", "Sends traces and metrics to this OpenTelemetry collector. The other standard `OTEL_*` variables are obeyed too.", (s, v) => s.OtlpEndpoint = v),
        new("FOOTBRIDGE_WHATSAPP_URL", "wss://web.whatsapp.com/ws/chat", "Where sessions connect; a simulator's address in tests.", (s, v) => s.WhatsAppUrl = new(v)),
        new("FOOTBRIDGE_MEDIA_CERTIFICATE", "", "SHA-256 of a media host's certificate to trust, 64 hex digits; a simulator's in tests.", (s, v) => s.Media.Certificate = Convert.FromHexString(v)),
        new("FOOTBRIDGE_NOISE_ROOT", "", "A further root key to trust, 64 hex digits; a simulator's in tests.", (s, v) => s.NoiseRoot = Convert.FromHexString(v)),
        .. SessionSettings.All,
    ];

    /// <summary>Reads the environment.</summary>
    /// <exception cref="SettingException">A value cannot be read; the message names the variable.</exception>
    public static Settings From(Func<string, string?> environment)
    {
        var settings = new Settings();
        foreach (var setting in All)
        {
            if (environment(setting.Name) is not { Length: > 0 } value) continue;
            try
            {
                setting.Apply(settings, value);
            }
            catch (FormatException e)
            {
                throw new SettingException($"{setting.Name} cannot be read: {e.Message}", e);
            }
        }

        var errors = new List<ValidationResult>();
        if (!IsValid(settings, errors) || !IsValid(settings.Jobs, errors) || !IsValid(settings.Media, errors)) throw new SettingException(errors[0].ErrorMessage!, null);
        if (settings.Jobs.Lease < TimeSpan.FromSeconds(1) || settings.Jobs.Lease > TimeSpan.FromMinutes(10)) throw new SettingException("FOOTBRIDGE_JOBS_LEASE_SECONDS must be from 1 to 600", null);
        CheckRoles(settings);
        if (settings.NoiseRoot is { Length: not 32 }) throw new SettingException("FOOTBRIDGE_NOISE_ROOT is not 32 bytes", null);
        if (settings.Media.Certificate is { Length: not 32 }) throw new SettingException("FOOTBRIDGE_MEDIA_CERTIFICATE is not 32 bytes", null);
        if (settings.ViewerPassword is not null && settings.ViewerUser == settings.DashboardUser) throw new SettingException("FOOTBRIDGE_DASHBOARD_VIEWER_USERNAME must differ from WAHA_DASHBOARD_USERNAME", null);
        return settings;
    }

    private static bool IsValid(object part, List<ValidationResult> errors) => Validator.TryValidateObject(part, new(part), errors, validateAllProperties: true);

    private static void CheckRoles(Settings settings)
    {
        if (settings.WorkerKey is { Length: < 16 }) throw new SettingException("FOOTBRIDGE_WORKER_KEY must have at least 16 characters", null);
        if (settings.Roles.HasFlag(Roles.Api) != settings.Roles.HasFlag(Roles.Session))
        {
            throw new SettingException("FOOTBRIDGE_ROLES: `api` and `session` go together, because both need the database", null);
        }

        if (!settings.Roles.HasFlag(Roles.Worker) && settings.RedisUrl is null) throw new SettingException("FOOTBRIDGE_ROLES: without the role `worker` the jobs must be in Redis (REDIS_URL), where a worker finds them", null);
        if (settings.Roles != Roles.Worker) return;
        if (settings.RedisUrl is null) throw new SettingException("FOOTBRIDGE_ROLES: a worker of its own needs REDIS_URL", null);
        if (settings.ApiUrl is null || settings.WorkerKey is null) throw new SettingException("FOOTBRIDGE_ROLES: a worker of its own needs FOOTBRIDGE_API_URL and FOOTBRIDGE_WORKER_KEY", null);
    }

    private static Roles ReadRoles(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Aggregate(Roles.None, (roles, name) => roles | name switch
    {
        "api" => Roles.Api,
        "worker" => Roles.Worker,
        "session" => Roles.Session,
        _ => throw new FormatException("use api, worker and session, separated by commas"),
    }) is not Roles.None and var read ? read : throw new FormatException("name at least one role");

    private static string Base(string value) => Address(value).OriginalString.TrimEnd('/');

    private static Uri Address(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : throw new FormatException("use an http or https address");

    private static bool Backoff(string value) => value switch
    {
        "exponential" => false,
        "fixed" => true,
        _ => throw new FormatException("use exponential or fixed"),
    };

    private static int Number(string value) => int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);

    internal static bool Flag(string value) => value.ToLowerInvariant() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw new FormatException("use true or false"),
    };

    private static LogLevel Level(string value) => value.ToLowerInvariant() switch
    {
        "error" => LogLevel.Error,
        "warn" => LogLevel.Warning,
        "info" => LogLevel.Information,
        "debug" => LogLevel.Debug,
        "trace" => LogLevel.Trace,
        _ => throw new FormatException("use error, warn, info, debug or trace"),
    };
}

/// <summary>The environment holds a value that cannot be used.</summary>
internal sealed class SettingException(string message, Exception? inner) : Exception(message, inner);
