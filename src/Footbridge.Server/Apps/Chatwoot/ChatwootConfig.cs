using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Server.Api;
using Footbridge.Server.Apps.Chatwoot.Setup;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Tasks.Database;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>The ChatWoot app's settings, with their defaults.</summary>
/// <param name="Locale">Whether there is such a language is for <see cref="Locales"/> to say.</param>
/// <param name="Templates">The app's own texts, by key.</param>
internal sealed record ChatwootConfig(
    string Url, long AccountId, string AccountToken, long InboxId, string InboxIdentifier, string Sort, IReadOnlyList<string>? Statuses, bool ShowsOwnAsMessages, bool AllowsQueueCommands,
    string Locale, IReadOnlyDictionary<string, string> Templates, SendingConfig Sending)
{
    /// <summary>Files that may be looked at once are kept from Chatwoot: agents read that there was one.</summary>
    public bool HidesViewOnce { get; init; }

    /// <summary><c>linkPreview</c>: how links in agents' texts are shown to customers.</summary>
    public PreviewSize Preview { get; init; }

    /// <summary>How reactions and deletions are shown.</summary>
    public ChangeOptions Changes { get; init; } = ChangeOptions.Default;

    /// <summary><c>conversations.syncMessageStatus</c>: messages become delivered. On unless it is switched off, other than in WAHA.</summary>
    public bool TellsDelivery { get; init; } = true;

    /// <summary><c>conversations.markAsRead</c>: messages become read.</summary>
    public bool TellsRead { get; init; } = true;

    /// <summary><c>footbridge.reopenHours</c>: a conversation that has been resolved for longer is left, and a new one opened; null: it is always gone on with.</summary>
    public TimeSpan? ReopensWithin { get; init; }

    /// <summary><c>footbridge.chats</c>: what is carried beside chats with persons.</summary>
    public ChatOptions Chats { get; init; } = ChatOptions.Default;

    /// <summary><c>commands.server</c>: agents may ask for the server's state and have it restarted.</summary>
    public bool AllowsServerCommands { get; init; } = true;

    /// <summary>Chatwoot's own database, for imports with true dates; null when there is none to be written to. It has a password in it.</summary>
    public string? Database { get; init; }

    // The first of each is the default.
    private static readonly string[] Sorts = ["created_newest", "activity_newest", "created_oldest", "activity_oldest"];
    // In the order of PreviewSize.
    private static readonly string[] LinkPreviews = ["OFF", "LG", "HG"];
    private static readonly string[] Outgoing = ["private-note", "message"];
    private static readonly string[] ViewOnce = ["show", "placeholder"];
    /// <summary>Ten years.</summary>
    private const double MaxReopenHours = 87_600;

    private static readonly string[] Known = ["open", "pending", "snoozed", "resolved"];

    /// <exception cref="InvalidRequestException">A field is missing or wrong.</exception>
    public static ChatwootConfig Read(JsonObject config)
    {
        var url = Body.RequiredText(config, "url").TrimEnd('/');
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https")) throw new InvalidRequestException("url must be an http or https address");
        var conversations = Body.Object(config, "conversations") ?? [];
        var sort = Choice(conversations, "sort", "conversations.sort", Sorts);
        CheckExtras(config, conversations);
        CallbackAddress.Check(config);
        return new(
            url, Body.RequiredNumber(config, "accountId"), Body.RequiredText(config, "accountToken"), Body.RequiredNumber(config, "inboxId"),
            Body.RequiredText(config, "inboxIdentifier"), sort,
            (conversations["status"] as JsonArray)?.Select(status => status!.ToString()).ToList(),
            Choice(conversations, "outgoing", "conversations.outgoing", Outgoing) == "message",
            Body.Flag(Body.Object(config, "commands") ?? [], "queue") ?? false,
            Body.Text(config, "locale") ?? Locales.Default,
            (Body.Object(config, "templates") ?? []).ToDictionary(template => template.Key, template => template.Value!.GetValue<string>(), StringComparer.Ordinal),
            SendingConfig.Read(config))
        {
            HidesViewOnce = Choice(Body.Object(config, "footbridge") ?? [], "viewOnce", "footbridge.viewOnce", ViewOnce) == "placeholder",
            Database = DatabaseOf(Body.Object(config, "footbridge") ?? []),
            AllowsServerCommands = Body.Flag(Body.Object(config, "commands") ?? [], "server") ?? true,
            TellsDelivery = Body.Flag(conversations, "syncMessageStatus") ?? true,
            TellsRead = Body.Flag(conversations, "markAsRead") ?? true,
            Preview = (PreviewSize)Array.IndexOf(LinkPreviews, Choice(config, "linkPreview", "linkPreview", LinkPreviews)),
            Changes = ChangeOptions.Read(Body.Object(config, "footbridge") ?? []),
            ReopensWithin = Hours(Body.Object(config, "footbridge") ?? []),
            Chats = ChatOptions.Read(Body.Object(config, "footbridge") ?? []),
        };
    }

    /// <summary>One of a few words; the first is the default.</summary>
    /// <exception cref="InvalidRequestException">It is another.</exception>
    internal static string Choice(JsonObject parent, string name, string shownName, string[] allowed)
    {
        var value = Body.Text(parent, name) ?? allowed[0];
        return allowed.Contains(value, StringComparer.Ordinal) ? value : throw new InvalidRequestException($"{shownName} must be one of the following values: {string.Join(", ", allowed)}");
    }

    private static TimeSpan? Hours(JsonObject footbridge) => footbridge["reopenHours"] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<double>(out var hours) && hours is > 0 and <= MaxReopenHours => TimeSpan.FromHours(hours),
        _ => throw new InvalidRequestException($"footbridge.reopenHours must be a number above 0 and at most {MaxReopenHours}"),
    };

    private static string? DatabaseOf(JsonObject own) => Body.Text(own, "database") is not { Length: > 0 } url ? null
        : DatabaseAddress.Read(url) ?? throw new InvalidRequestException("footbridge.database must be an address such as postgres://user:password@host:5432/name?sslmode=require");

    /// <summary>Fields without effect yet are checked as well, so that a mistake shows now and not when they get one.</summary>
    private static void CheckExtras(JsonObject config, JsonObject conversations)
    {
        if (conversations["status"] is not (null or JsonArray)) throw new InvalidRequestException("conversations.status must be an array");
        if (conversations["status"] is JsonArray statuses && statuses.Any(s => !Known.Contains(s?.ToString(), StringComparer.Ordinal)))
        {
            throw new InvalidRequestException($"each value in conversations.status must be one of the following values: {string.Join(", ", Known)}");
        }

        if (Body.Object(config, "commands") is { } commands) foreach (var flag in new[] { "server", "queue" }) Body.Flag(commands, flag);
        if (Body.Object(config, "templates") is { } templates && templates.Any(t => t.Value?.GetValueKind() != JsonValueKind.String)) throw new InvalidRequestException("templates accepts string values only");
    }

    public override string ToString() => $"Chatwoot account {AccountId}, inbox {InboxId} [token redacted]";
}
