using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Api.Chatting;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage.Archive;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Api.Status;

/// <summary>What all operations on stories have in common: through which session, under which id, for whom.</summary>
/// <param name="Contacts">The audience; null for everybody whose name the account has saved.</param>
internal sealed record StatusRequest(string Session, string Id, IReadOnlyList<Jid>? Contacts)
{
    private const string DefaultColor = "#38b42f";
    private const string NoAudience = "No participants to send status";

    /// <param name="id">Null: a random one.</param>
    /// <exception cref="InvalidRequestException">A field is of the wrong kind.</exception>
    public static StatusRequest Read(string session, JsonObject body, string? id)
    {
        var contacts = body["contacts"] switch
        {
            null => null,
            JsonArray list => list.Select(contact => WahaIds.ParseChatId(contact?.ToString() ?? "") is { IsUser: true } jid
                ? jid
                : throw new InvalidRequestException("contacts must be ids such as 12132132130@c.us")).ToList(),
            _ => throw new InvalidRequestException("contacts must be an array"),
        };
        return new(session, id is { Length: > 0 } ? WahaIds.RawId(id) : MessageIds.Random(), contacts);
    }

    /// <summary>The field <c>backgroundColor</c> as WhatsApp's opaque ARGB.</summary>
    /// <exception cref="InvalidRequestException">It is no color.</exception>
    public static uint Color(JsonObject body) => (Body.Text(body, "backgroundColor") ?? DefaultColor) is ['#', .. { Length: 6 } digits]
        && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb)
            ? 0xFF000000 | rgb
            : throw new InvalidRequestException("backgroundColor must be a color such as #38b42f");

    /// <summary>Posts what <paramref name="build"/> makes, which is not called when there is nobody to see it.</summary>
    /// <exception cref="RuleException">There is no audience.</exception>
    public async Task<IResult> PostAsync(SessionRegistry sessions, ChatArchive archive, Func<Session, Task<Message>> build, CancellationToken ct)
    {
        var live = await sessions.WaitForAsync(Session, SessionStatus.Working, ct);
        var audience = Contacts ?? Saved(live, archive);
        if (audience.Count == 0) throw new RuleException(NoAudience);
        var content = await build(live);
        using var span = Traces.Send(Id);
        var sent = await live.Client.Status.PostAsync(new(Id, content, audience), ct);
        return Results.Json(SentShape.Of(sent, content, live.Me), statusCode: 201);
    }

    private static List<Jid> Saved(Session live, ChatArchive archive) =>
    [
        .. archive.Contacts(live.Name, ChatOrder.Id, new(null, 0, IsDescending: false))
            .Where(contact => contact.FullName is not null && WahaIds.ChatId(contact.Person) != live.Me?.Id)
            .Select(contact => contact.Person.Address),
    ];
}
