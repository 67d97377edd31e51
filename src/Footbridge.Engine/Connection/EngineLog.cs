using Footbridge.Engine.Contacts;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Connection;

/// <summary>Log lines of the engine: no texts, no numbers, no keys.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(LogLevel.Information, "Connection ended: {Detail}; then {Then}")]
    public static partial void ConnectionEnded(this ILogger logger, string detail, AfterEnd then);

    [LoggerMessage(LogLevel.Warning, "A frame from WhatsApp could not be decoded: {Detail}")]
    public static partial void MalformedFrame(this ILogger logger, string detail);

    [LoggerMessage(LogLevel.Error, "A <{Tag}> stanza could not be handled and stays unacknowledged")]
    public static partial void StanzaFailed(this ILogger logger, Exception error, string tag);

    [LoggerMessage(LogLevel.Warning, "A <{Tag}> stanza is malformed: {Detail}")]
    public static partial void StanzaMalformed(this ILogger logger, string tag, string detail);

    [LoggerMessage(LogLevel.Debug, "A <{Tag}> stanza of type {Type} has no handler")]
    public static partial void StanzaUnknown(this ILogger logger, string tag, string? type);

    [LoggerMessage(LogLevel.Warning, "After login, {Step} failed: {Detail}")]
    public static partial void LoginStepFailed(this ILogger logger, string step, string detail);

    [LoggerMessage(LogLevel.Debug, "Nothing is fetched for the dirty type {Type}")]
    public static partial void DirtyUnknown(this ILogger logger, string type);

    [LoggerMessage(LogLevel.Warning, "A phone answered a linking code that is not the last one asked for")]
    public static partial void LinkCodeIgnored(this ILogger logger);

    [LoggerMessage(LogLevel.Warning, "Linking by code failed: {Detail}")]
    public static partial void LinkCodeFailed(this ILogger logger, string detail);

    [LoggerMessage(LogLevel.Error, "The account is connected and does not work: {Reason}. The hour's restarts are used up; somebody has to look")]
    public static partial void LivenessAlert(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "Liveness: {Step}, because {Reason}")]
    public static partial void LivenessStepTaken(this ILogger logger, LivenessStep step, string reason);

    [LoggerMessage(LogLevel.Error, "WhatsApp could not read what we sent; the last tags were {Tags}")]
    public static partial void SentMalformed(this ILogger logger, string tags);

    [LoggerMessage(LogLevel.Error, "WhatsApp gave up waiting for the ack of {StanzaId}")]
    public static partial void AckMissed(this ILogger logger, string stanzaId);

    [LoggerMessage(LogLevel.Information, "WhatsApp refuses web version {Used}; the newest is {Newest}")]
    public static partial void VersionRefused(this ILogger logger, uint used, uint newest);

    [LoggerMessage(LogLevel.Warning, "The web version could not be looked up: {Detail}")]
    public static partial void VersionUnknown(this ILogger logger, string detail);

    [LoggerMessage(LogLevel.Error, "Storing state failed; the account stops")]
    public static partial void StorageFailed(this ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Warning, "Message {MessageId} could not be decrypted ({Error}, try {Count})")]
    public static partial void DecryptFailed(this ILogger logger, string messageId, string error, int count);

    [LoggerMessage(LogLevel.Warning, "Answering a retry request for message {MessageId} failed")]
    public static partial void RetryFailed(this ILogger logger, Exception error, string messageId);

    [LoggerMessage(LogLevel.Error, "In the background, {Step} failed")]
    public static partial void BackgroundFailed(this ILogger logger, Exception error, string step);

    [LoggerMessage(LogLevel.Warning, "Collection {Collection} of the app state: {Detail}")]
    public static partial void AppStateTrouble(this ILogger logger, string collection, string detail);

    [LoggerMessage(LogLevel.Debug, "Collection {Collection} of the app state is at version {Version}")]
    public static partial void AppStateSynced(this ILogger logger, string collection, ulong version);

    [LoggerMessage(LogLevel.Warning, "History of {Kind} could not be taken in: {Detail}")]
    public static partial void HistoryTrouble(this ILogger logger, string kind, string detail);

    [LoggerMessage(LogLevel.Warning, "A device of a recipient is left out: {Detail}")]
    public static partial void DeviceSkipped(this ILogger logger, string detail);

    [LoggerMessage(LogLevel.Warning, "The phone could not be asked for messages that cannot be read here: {Detail}")]
    public static partial void PlaceholderRequestFailed(this ILogger logger, string detail);

    [LoggerMessage(LogLevel.Warning, "How long WhatsApp refuses messages could not be found out: {Detail}")]
    public static partial void RefusalNotExplained(this ILogger logger, string detail);

    [LoggerMessage(LogLevel.Warning, "A trusted-contact token could not be issued: {Detail}")]
    public static partial void TokenNotIssued(this ILogger logger, string detail);

    [LoggerMessage(LogLevel.Warning, "A phone number or LID belongs to another person now, says {Source}")]
    public static partial void PairReplaced(this ILogger logger, PairSource source);

    [LoggerMessage(LogLevel.Information, "A pair of phone number and LID from {Source} is older than what is known, and is dropped")]
    public static partial void PairOutdated(this ILogger logger, PairSource source);

    [LoggerMessage(LogLevel.Debug, "A person's devices are asked for again: {Why}")]
    public static partial void DevicesForgotten(this ILogger logger, string why);

    [LoggerMessage(LogLevel.Warning, "A stanza about linking with a passkey is ignored: {Why}")]
    public static partial void PasskeyIgnored(this ILogger logger, string why);

    [LoggerMessage(LogLevel.Warning, "{Step} failed: {Detail}")]
    public static partial void BackgroundStepFailed(this ILogger logger, string step, string detail);
}
