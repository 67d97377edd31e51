namespace Footbridge.Engine.Store;

/// <summary>Names of what lies under <see cref="StateKind.AccountSecret"/>.</summary>
internal static class AccountSecrets
{
    /// <summary>Salt of the tokens for chats with people who never wrote.</summary>
    public const string NctSalt = "nct-salt";

    /// <summary>Text that proves to the media server that a history blob is this account's, for deleting it.</summary>
    public const string CompanionMetaNonce = "companion-meta-nonce";
}
