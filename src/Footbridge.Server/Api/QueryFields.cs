using System.Globalization;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage.Archive;

namespace Footbridge.Server.Api;

/// <summary>Reads fields of a query leniently, as WAHA's clients write them, and names what is wrong.</summary>
internal static class QueryFields
{
    public static string? Text(HttpRequest request, string name) => request.Query[name].FirstOrDefault() is { Length: > 0 } text ? text : null;

    public static string RequiredText(HttpRequest request, string name) =>
        Text(request, name) ?? throw new InvalidRequestException($"{name} should not be empty", $"{name} must be a string");

    public static bool? Flag(HttpRequest request, string name) => Text(request, name) switch
    {
        null => null,
        "true" or "True" or "1" => true,
        "false" or "False" or "0" => false,
        _ => throw new InvalidRequestException($"{name} must be a boolean value"),
    };

    /// <summary>A whole number that is not negative.</summary>
    public static long? Number(HttpRequest request, string name)
    {
        if (Text(request, name) is not { } text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidRequestException($"{name} must be a number");
    }

    /// <summary>One of some values, or null when it is not said.</summary>
    public static string? Choice(HttpRequest request, string name, params string[] allowed)
    {
        if (Text(request, name) is not { } text) return null;
        return allowed.Contains(text, StringComparer.Ordinal) ? text : throw new InvalidRequestException($"{name} must be one of the following values: {string.Join(", ", allowed)}");
    }

    /// <summary>The page that <c>limit</c>, <c>offset</c> and <c>sortOrder</c> ask for.</summary>
    public static ArchivePage Page(HttpRequest request, int? limit, bool isDescending) => new(
        Whole(Number(request, "limit"), limit), Whole(Number(request, "offset"), 0)!.Value,
        Choice(request, "sortOrder", "desc", "asc") is { } order ? order == "desc" : isDescending);

    public static int? Whole(long? number, int? usual) => number is { } given ? (int)Math.Min(given, int.MaxValue) : usual;

    /// <summary>The chat that an address means.</summary>
    /// <exception cref="InvalidRequestException">It is none.</exception>
    public static Protocol.Xml.Jid Chat(string chatId, string name) => WahaIds.ParseChatId(chatId) ?? throw new InvalidRequestException($"{name} is not a chat id");
}
