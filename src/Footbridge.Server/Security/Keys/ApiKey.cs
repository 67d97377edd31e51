namespace Footbridge.Server.Security.Keys;

/// <summary>A stored API key.</summary>
/// <param name="Key">In clear; empty when the key file that it was sealed under is gone.</param>
/// <param name="Session">The only session it is for; null for admins.</param>
/// <param name="Actions">Null: the usual ones.</param>
internal sealed record ApiKey(string Id, string Key, bool IsActive, bool IsAdmin, string? Session, KeyActions? Actions);
