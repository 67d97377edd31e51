using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api;

/// <summary>Reads values of a request's query and path leniently, as WAHA's clients send them, and names what is wrong.</summary>
internal static class QueryText
{
    public static bool Flag(string? text, string name) => text switch
    {
        null or "" or "false" or "False" or "0" => false,
        "true" or "True" or "1" => true,
        _ => throw new InvalidRequestException($"{name} must be a boolean value"),
    };

    public static int Number(string? text, string name, int otherwise) =>
        string.IsNullOrEmpty(text) ? otherwise : int.TryParse(text, System.Globalization.NumberStyles.None, null, out var number) ? number : throw new InvalidRequestException($"{name} must be a number");

    public static Jid ChatId(string? text, string name) =>
        string.IsNullOrEmpty(text) ? throw new InvalidRequestException($"{name} should not be empty") : WahaIds.ParseChatId(text) ?? throw new InvalidRequestException($"{name} is not a chat id");

    /// <summary>A person's address: a number in any form, <c>…@c.us</c> or <c>…@lid</c>.</summary>
    public static Jid Person(string? text, string name) =>
        ChatId(text?.TrimStart('+', ' '), name) is { IsUser: true } person ? person : throw new InvalidRequestException($"{name} is not the id of a person");

    /// <summary>The digits of a phone number, however people write it.</summary>
    public static string Phone(string? text, string name)
    {
        var digits = new string([.. (text ?? "").TakeWhile(c => c != '@').Where(char.IsAsciiDigit)]);
        return digits.Length > 0 ? digits : throw new InvalidRequestException($"{name} should not be empty", $"{name} must be a phone number");
    }
}
