using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;

namespace Footbridge.Server.Api;

/// <summary>What WhatsApp's own error codes are in HTTP, and in words. Source: docs/protocol/errors.md.</summary>
internal static class WhatsAppRefusals
{
    /// <summary>How long WhatsApp wants to be left alone after 429, when it does not say so itself.</summary>
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(60);

    // HTTP's 401 is kept for the API's own keys: a client that gets it throws its key away.
    private static readonly Dictionary<int, (int Status, string Reason)> Table = new()
    {
        [400] = (400, "WhatsApp does not understand the request"),
        [401] = (403, "the account has no right to this"),
        [403] = (403, "the account is not allowed to do this"),
        [404] = (404, "WhatsApp does not know it"),
        [405] = (403, "WhatsApp does not allow this here"),
        [406] = (400, "WhatsApp does not accept this value"),
        [408] = (504, "WhatsApp did not answer in time"),
        [409] = (409, "it is so already, or somebody changed it meanwhile"),
        [410] = (404, "it is not valid any more"),
        [419] = (422, "a limit of WhatsApp's is reached"),
        [421] = (409, "the address is out of date"),
        [423] = (409, "it is locked"),
        [429] = (429, "too many requests; wait before the next one"),
        [463] = (429, "the account may not write to strangers for a while"),
        [475] = (429, "the account has opened as many new chats as it may"),
        [500] = (503, "WhatsApp's server has a problem"),
        [503] = (503, "WhatsApp's server is not available"),
        [530] = (503, "WhatsApp's server could do only a part of it"),
    };

    public static (int Status, string Message) Describe(QueryFailedException error) =>
        Table.TryGetValue(error.Code, out var known) ? (known.Status, $"{error.Message}: {known.Reason}") : (422, error.Message);

    /// <summary>A message that was refused says why in words of its own; one with nobody to go to was never offered to WhatsApp.</summary>
    public static (int Status, string Message) Describe(SendFailedException error) =>
        (error.Code is { } code && Table.TryGetValue(code, out var known) ? known.Status : 422, error.Message);

    /// <summary>When it may be tried again, at the earliest; null when waiting alone does not help or nothing is known.</summary>
    public static TimeSpan? WaitAfter(Exception error, DateTimeOffset now) => error switch
    {
        SendFailedException { Until: { } until } => until > now ? until - now : TimeSpan.Zero,
        SendFailedException { Code: 429 } or QueryFailedException { Code: 429 } => UsualWait,
        _ => null,
    };
}
