using System.Net;

namespace Footbridge.Server.Apps.Chatwoot.Setup;

/// <summary>What a call that failed says to the person who sets up: the reason, and the repair in one line.</summary>
internal static class SetupTrouble
{
    public const string UrlRepair = "Give the address of Chatwoot itself as this server reaches it: between containers the service's name, not localhost";
    public const string TokenRepair = "Copy the access token of an administrator from Chatwoot's profile settings";

    public const string CertificateRepair = "Let this server trust the authority of Chatwoot's certificate (SSL_CERT_FILE names the file with it), or give Chatwoot a certificate of a public authority for the host in url";

    /// <summary>Whether an exception is about Chatwoot, and not about us.</summary>
    public static bool IsChatwoots(Exception error) => error is ChatwootException or ChatwootAwayException;

    public static (string Reason, string Repair) Of(Exception error) => error switch
    {
        ChatwootException { Status: (int)HttpStatusCode.Unauthorized } e => (Said(e, "Chatwoot does not accept the access token"), TokenRepair),
        ChatwootException { Status: (int)HttpStatusCode.NotFound } e => (Said(e, "Chatwoot does not know what was asked for"), "See whether the account and the inbox are still there and the token's owner may see them"),
        ChatwootException { Status: >= 300 and < 400 } => ("Chatwoot's address leads on to another one", "Give the address that it leads to, with https where Chatwoot has it"),
        ChatwootException e => (Said(e, $"Chatwoot refuses with status {e.Status}"), "See Chatwoot's log for the reason"),
        ChatwootAwayException e when CertificateFault(e) is { } fault => ($"Chatwoot cannot be reached: {fault}", CertificateRepair),
        ChatwootAwayException e => (e.Message, UrlRepair),
        _ => throw new ArgumentException("not about Chatwoot", nameof(error), error),
    };

    /// <summary>Why no encrypted connection came about; null when that was not the reason.</summary>
    public static string? CertificateFault(ChatwootAwayException error) =>
        error.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } e ? e.InnerException?.Message ?? e.Message : null;

    private static string Said(ChatwootException e, string what) => e.Reason.Length > 0 ? $"{what} ({e.Reason})" : what;
}
