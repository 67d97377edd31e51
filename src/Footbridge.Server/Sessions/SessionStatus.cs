namespace Footbridge.Server.Sessions;

/// <summary>A session's states, in WAHA's words.</summary>
internal static class SessionStatus
{
    public const string Stopped = "STOPPED";
    public const string Starting = "STARTING";
    public const string ScanQrCode = "SCAN_QR_CODE";
    public const string PasskeyRequired = "PASSKEY_REQUIRED";
    public const string PasskeyConfirmationRequired = "PASSKEY_CONFIRMATION_REQUIRED";
    public const string Working = "WORKING";
    public const string Failed = "FAILED";
}
