using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Server.Apps;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Dashboard.Setup;

/// <summary>A ChatWoot app's settings as a form has them: every field, with its default where it is not set.</summary>
internal sealed class AppForm
{
    private const string Secret = "webhookSecret";
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool Enabled { get; set; } = true;

    public string Url { get; set; } = "";

    public string AccountId { get; set; } = "";

    /// <summary>Never shown: empty keeps the one there is.</summary>
    public string AccountToken { get; set; } = "";

    public string InboxId { get; set; } = "";

    /// <summary>The same.</summary>
    public string InboxIdentifier { get; set; } = "";

    public string LinkPreview { get; set; } = "OFF";

    public string Locale { get; set; } = Locales.Default;

    public string Sort { get; set; } = "created_newest";

    /// <summary>Empty: any.</summary>
    public IReadOnlyCollection<string> Statuses { get; set; } = [];

    public bool MarkAsRead { get; set; } = true;

    public bool SyncMessageStatus { get; set; } = true;

    public string Outgoing { get; set; } = "private-note";

    public bool ServerCommands { get; set; } = true;

    public bool QueueCommands { get; set; }

    /// <summary>Own texts, as YAML.</summary>
    public string Templates { get; set; } = "";

    /// <summary>What WAHA does not have, as JSON; without the secret, and with a mask for the password of the database.</summary>
    public string Own { get; set; } = "";

    public static AppForm Of(JsonObject config, bool isEnabled)
    {
        var (conversations, commands) = (config["conversations"] as JsonObject ?? [], config["commands"] as JsonObject ?? []);
        var own = (JsonObject?)(AppSecrets.Masked(config)["footbridge"] as JsonObject)?.DeepClone() ?? [];
        own.Remove(Secret);
        return new()
        {
            Enabled = isEnabled,
            Url = Text(config, "url", ""),
            AccountId = Text(config, "accountId", ""),
            InboxId = Text(config, "inboxId", ""),
            LinkPreview = Text(config, "linkPreview", "OFF"),
            Locale = Text(config, "locale", Locales.Default),
            Sort = Text(conversations, "sort", "created_newest"),
            Statuses = [.. (conversations["status"] as JsonArray ?? []).Select(status => status!.ToString())],
            MarkAsRead = Text(conversations, "markAsRead", "true") == "true",
            SyncMessageStatus = Text(conversations, "syncMessageStatus", "true") == "true",
            Outgoing = Text(conversations, "outgoing", "private-note"),
            ServerCommands = Text(commands, "server", "true") == "true",
            QueueCommands = Text(commands, "queue", "false") == "true",
            Templates = string.Concat((config["templates"] as JsonObject ?? []).Select(text => $"{text.Key}: {JsonSerializer.Serialize(text.Value!.ToString())}\n")),
            Own = own.Count == 0 ? "" : own.ToJsonString(Readable),
        };
    }

    /// <summary>The settings over those there were: what the form does not show stays.</summary>
    /// <exception cref="FormatException">A field holds what it cannot mean.</exception>
    public JsonObject Apply(JsonObject former)
    {
        var config = (JsonObject)former.DeepClone();
        (config["url"], config["linkPreview"], config["locale"]) = (Url.Trim(), LinkPreview, Locale);
        (config["accountId"], config["inboxId"]) = (Number(AccountId, "Account ID"), Number(InboxId, "Inbox ID"));
        if (AccountToken.Trim().Length > 0) config["accountToken"] = AccountToken.Trim();
        if (InboxIdentifier.Trim().Length > 0) config["inboxIdentifier"] = InboxIdentifier.Trim();
        var conversations = Child(config, "conversations");
        (conversations["sort"], conversations["outgoing"]) = (Sort, Outgoing);
        (conversations["markAsRead"], conversations["syncMessageStatus"]) = (MarkAsRead, SyncMessageStatus);
        conversations["status"] = Statuses.Count == 0 ? null : new JsonArray([.. Statuses.Select(status => (JsonNode)status)]);
        var commands = Child(config, "commands");
        (commands["server"], commands["queue"]) = (ServerCommands, QueueCommands);
        config["templates"] = new JsonObject(Texts().Select(text => KeyValuePair.Create(text.Key, (JsonNode?)text.Value)));
        config["footbridge"] = OwnOver(config["footbridge"] as JsonObject);
        return config;
    }

    private static JsonObject Child(JsonObject config, string name)
    {
        var child = (JsonObject?)(config[name] as JsonObject)?.DeepClone() ?? [];
        config[name] = child;
        return child;
    }

    private IReadOnlyDictionary<string, string> Texts()
    {
        if (Templates.Trim().Length == 0) return new Dictionary<string, string>(StringComparer.Ordinal);
        using var reader = new StringReader(Templates);
        try
        {
            var file = LocaleFile.Read(reader);
            return file.Ignored.Count == 0 ? file.Texts : throw new FormatException($"these keys hold no text: {string.Join(", ", file.Ignored)}");
        }
        catch (FormatException e)
        {
            throw new FormatException($"Language overrides: {e.Message}", e);
        }
    }

    private JsonObject OwnOver(JsonObject? former)
    {
        JsonObject own;
        try
        {
            own = Own.Trim().Length == 0 ? [] : JsonNode.Parse(Own) as JsonObject ?? throw new FormatException("Other settings: a JSON object is needed");
        }
        catch (JsonException e)
        {
            throw new FormatException("Other settings: this is no JSON", e);
        }

        if (!own.ContainsKey(Secret) && former?[Secret] is { } secret) own[Secret] = secret.DeepClone();
        return own;
    }

    private static long Number(string text, string field) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"{field} must be a number");

    private static string Text(JsonObject parent, string name, string otherwise) => parent[name]?.ToString() ?? otherwise;
}
