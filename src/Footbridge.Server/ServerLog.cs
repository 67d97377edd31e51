namespace Footbridge.Server;

/// <summary>Log lines of the server: no texts, no numbers, no keys.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(LogLevel.Error, "Moving events into the queues failed; trying again")]
    public static partial void PumpFailed(this ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Error, "{Count} notes about deliveries could not be kept; the reconciler makes good what matters")]
    public static partial void SettlementsFailed(this ILogger logger, Exception error, int count);

    [LoggerMessage(LogLevel.Warning, "The broker had forgotten a lane; {Count} jobs were enqueued again")]
    public static partial void LaneReplayed(this ILogger logger, int count);

    [LoggerMessage(LogLevel.Information, "{Lanes} lanes were enqueued again from the ledger")]
    public static partial void LanesEnqueuedAgain(this ILogger logger, int lanes);

    [LoggerMessage(LogLevel.Warning, "Comparing the ledger with the broker failed; it is tried again within a minute")]
    public static partial void ReconcileFailed(this ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Warning, "App {App}: {Count} messages were found that no callback had told of")]
    public static partial void MessagesFound(this ILogger logger, string app, int count);

    [LoggerMessage(LogLevel.Error, "Comparing app {App} with its Chatwoot failed; it is tried again at the next interval")]
    public static partial void PassFailed(this ILogger logger, Exception error, string app);

    [LoggerMessage(LogLevel.Warning, "The broker is away; what comes in is kept in the ledger until it is back: {Error}")]
    public static partial void BrokerAway(this ILogger logger, string error);

    [LoggerMessage(LogLevel.Error, "Deleting old state failed; it is tried again in some hours")]
    public static partial void SweepFailed(this ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Warning, "A file of session {Session} could not be fetched ({Error}): {Detail}")]
    public static partial void MediaNotFetched(this ILogger logger, string session, string error, string detail);

    [LoggerMessage(LogLevel.Warning, "A file is sent without thumbnail or length: {Detail}")]
    public static partial void MediaNotDescribed(this ILogger logger, string detail);

    [LoggerMessage(LogLevel.Warning, "A voice message is posted as it is, which not every browser plays: {Detail}")]
    public static partial void VoiceNotConverted(this ILogger logger, string detail);

    [LoggerMessage(LogLevel.Error, "A file of session {Session} could not be kept")]
    public static partial void MediaNotKept(this ILogger logger, Exception error, string session);

    [LoggerMessage(LogLevel.Information, "Session {Session} is {Status}")]
    public static partial void SessionStatus(this ILogger logger, string session, string status);

    [LoggerMessage(LogLevel.Error, "Session {Session} could not be started")]
    public static partial void SessionStartFailed(this ILogger logger, Exception error, string session);

    [LoggerMessage(LogLevel.Error, "An event of session {Session} could not be kept")]
    public static partial void EventLost(this ILogger logger, Exception error, string session);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(this ILogger logger, Exception error, string method, string path);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} of {Queue} failed for good: {Error}")]
    public static partial void JobFailed(this ILogger logger, string jobId, string queue, string error);

    [LoggerMessage(LogLevel.Warning, "The note about failed job {JobId} could not be written into Chatwoot: {Error}")]
    public static partial void NoteFailed(this ILogger logger, string jobId, string error);

    [LoggerMessage(LogLevel.Warning, "The schedules of the apps could not be set up; trying again")]
    public static partial void SchedulesNotSet(this ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Warning, "The state of the queues could not be read for the metrics; the last one is told")]
    public static partial void MeterStale(this ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Debug, "That a customer types is not shown by app {App}: {Reason}")]
    public static partial void TypingNotShown(this ILogger logger, string app, string reason);

    [LoggerMessage(LogLevel.Warning, "A message to app {App} is left out: {Reason}")]
    public static partial void ChatwootSkipped(this ILogger logger, string app, string reason);

    [LoggerMessage(LogLevel.Warning, "The folder of languages {Folder} is not there; the built-in ones are used")]
    public static partial void LanguageFolderMissing(this ILogger logger, string folder);

    [LoggerMessage(LogLevel.Warning, "The language file {File} cannot be read and is left out: {Reason}")]
    public static partial void LanguageFileUnreadable(this ILogger logger, string file, string reason);

    [LoggerMessage(LogLevel.Warning, "The language file {File} has keys that hold no text; they are left out: {Keys}")]
    public static partial void LanguageKeysIgnored(this ILogger logger, string file, string keys);

    [LoggerMessage(LogLevel.Warning, "The language {Code} lacks {Count} keys, which are said in {Fallback}: {Keys} ...")]
    public static partial void LanguageIncomplete(this ILogger logger, string code, int count, string fallback, string keys);

    [LoggerMessage(LogLevel.Warning, "The text {Key} of the language {Code} is no template and is left out: {Reason}")]
    public static partial void LanguageTextBroken(this ILogger logger, string code, string key, string reason);

    [LoggerMessage(LogLevel.Warning, "The time zone {Zone} of the language {Code} is not known here; the server's own is used")]
    public static partial void LanguageZoneUnknown(this ILogger logger, string code, string zone);

    [LoggerMessage(LogLevel.Warning, "An app uses the language {Code}, which is not there any more; {Fallback} is used")]
    public static partial void LanguageGone(this ILogger logger, string code, string fallback);

    [LoggerMessage(LogLevel.Warning, "App {App}: {Check} is not as it should be any more ({Found}). {Repair}")]
    public static partial void DriftFound(this ILogger logger, string app, string check, string found, string repair);

    [LoggerMessage(LogLevel.Information, "App {App}: {Check} had been changed and was put right")]
    public static partial void DriftRepaired(this ILogger logger, string app, string check);

    [LoggerMessage(LogLevel.Information, "App {App}: the inbox is as it should be again")]
    public static partial void DriftGone(this ILogger logger, string app);

    [LoggerMessage(LogLevel.Warning, "App {App}: agents could not be told of {Check}: {Error}")]
    public static partial void DriftNotTold(this ILogger logger, string app, string check, string error);

    [LoggerMessage(LogLevel.Warning, "A call of session {Session} could not be answered")]
    public static partial void CallNotAnswered(this ILogger logger, Exception error, string session);

    [LoggerMessage(LogLevel.Debug, "Session {Session}: typing could not be shown to a caller: {Reason}")]
    public static partial void CallerTypingNotShown(this ILogger logger, string session, string reason);

    [LoggerMessage(LogLevel.Debug, "A link's preview could not be made: {Detail}")]
    public static partial void PreviewFailed(this ILogger logger, string detail);

    [LoggerMessage(LogLevel.Warning, "API key {KeyId} works but cannot be shown: api-keys.key in the data folder is not the file it was sealed under")]
    public static partial void KeyNotShown(this ILogger logger, string keyId);

    [LoggerMessage(LogLevel.Warning, "Session {Session}: a file could not be converted and goes out as a document: {Reason}")]
    public static partial void SentAsDocument(this ILogger logger, string session, string reason);

    [LoggerMessage(LogLevel.Warning, "A callback for app {App} is not signed as it should be: {Fault} (refused: {IsRefused})")]
    public static partial void CallbackNotSigned(this ILogger logger, string app, string fault, bool isRefused);

    [LoggerMessage(LogLevel.Error, "A callback for app {App} that was waiting for its turn cannot be taken on; it is tried again")]
    public static partial void HeldCallbackNotTaken(this ILogger logger, string app, Exception error);
}
