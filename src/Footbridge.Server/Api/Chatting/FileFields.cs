using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Chatting;

/// <summary>What a request says about the file it sends.</summary>
/// <param name="File">WAHA's <c>{url|data, mimetype?, filename?}</c>.</param>
/// <param name="Converts">Whether the file is first made into what plays on phones.</param>
/// <param name="IsNote">A video shown round.</param>
internal sealed record FileFields(JsonObject File, string? Caption, bool Converts, bool IsNote)
{
    /// <summary>A server that the operator named, from which files may come even if it is at a private address.</summary>
    public Uri? Trusted { get; init; }

    /// <exception cref="InvalidRequestException">A field is missing or of the wrong kind.</exception>
    public static FileFields Read(JsonObject fields) => new(
        Body.Object(fields, "file") ?? throw new InvalidRequestException("file should not be empty", "file must be an object"),
        Body.Text(fields, "caption") is { Length: > 0 } caption ? caption : null,
        Body.Flag(fields, "convert") ?? false,
        Body.Flag(fields, "asNote") ?? false);
}
