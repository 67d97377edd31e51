using System.Text.Json.Nodes;
using Footbridge.Server.Config;

namespace Footbridge.Server.Apps.Chatwoot.Setup;

/// <summary>Finds the inbox an app may have, or makes one. Another's inbox is never taken over.</summary>
internal sealed class InboxFinder(Settings settings)
{
    /// <param name="wanted">The inbox that was named; null: any that is ours or free.</param>
    /// <param name="former">The inbox that the app had until now.</param>
    /// <exception cref="SetupException">The one that was named cannot be used.</exception>
    public async Task<JsonObject> FindAsync(ChatwootAdmin admin, AppRecord app, string name, long? wanted, long? former, SetupReport report, CancellationToken ct)
    {
        if (wanted is { } id) return await NamedAsync(admin, id, report, ct);
        var inboxes = (await admin.InboxesAsync(ct)).Where(ChatwootAdmin.IsApiInbox).ToList();
        var found = inboxes.Find(inbox => CallbackAddress.AreSame(UrlOf(inbox), CallbackAddress.Of(app, settings)))
            ?? inboxes.Find(inbox => inbox["id"]!.GetValue<long>() == former)
            ?? inboxes.Find(inbox => CallbackAddress.IsOfSession(UrlOf(inbox), app, settings))
            ?? inboxes.Find(inbox => inbox["name"]?.ToString() == name && UrlOf(inbox) is null or "");
        if (found is not null)
        {
            report.Done("inbox", $"'{found["name"]}' ({found["id"]}) is used");
            return found;
        }

        var made = await admin.CreateInboxAsync(name, CallbackAddress.Of(app, settings), ct);
        report.Changed("inbox", $"'{name}' ({made["id"]}) was made");
        return made;
    }

    public static string? UrlOf(JsonObject inbox) => inbox["webhook_url"]?.ToString();

    private static async Task<JsonObject> NamedAsync(ChatwootAdmin admin, long id, SetupReport report, CancellationToken ct)
    {
        if (await admin.InboxAsync(id, ct) is not { } named) throw report.Stop("inbox", $"there is no inbox {id} in this account", "Leave inboxId out to have one made, or take the number from the inbox's address in Chatwoot's settings");
        if (!ChatwootAdmin.IsApiInbox(named)) throw report.Stop("inbox", $"'{named["name"]}' is no API inbox but {named["channel_type"]}", "Leave inboxId out to have one made, or add an inbox of the type API in Chatwoot");
        report.Done("inbox", $"'{named["name"]}' ({id}) is used");
        return named;
    }
}
