using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.Reconcile;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>What an app makes in Chatwoot when it is connected, changed or removed.</summary>
internal sealed class ChatwootSetup(ChatwootClients clients, Locales locales, IntegrationPlace integration, ChatPlaces places, PassState passes, LastPasses results, TimeProvider time, ILogger<ChatwootSetup> logger)
{
    public const string IntegrationId = "whatsapp.integration";
    public const string ChatIdAttribute = "waha_whatsapp_chat_id";
    public const string JidAttribute = "waha_whatsapp_jid";
    public const string LidAttribute = "waha_whatsapp_lid";

    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(5);

    private static readonly (string Key, string Name, string Meaning)[] Definitions =
    [
        (ChatIdAttribute, "WhatsApp Chat ID", "The chat that answers go to"),
        (JidAttribute, "WhatsApp JID", "The contact by phone number"),
        (LidAttribute, "WhatsApp LID", "The contact by hidden id"),
    ];

    /// <exception cref="RuleException">Chatwoot cannot be reached or refuses; nothing was saved.</exception>
    public Task ConnectAsync(AppRecord app, CancellationToken ct) => SayAsync(app, Key.AppConnectedMessage, ct);

    public async Task UpdateAsync(AppRecord former, AppRecord app, CancellationToken ct)
    {
        var (old, now) = (ChatwootConfig.Read(former.Config), ChatwootConfig.Read(app.Config));
        var isSameInbox = old.Url == now.Url && old.AccountId == now.AccountId && old.InboxId == now.InboxId;
        var isSamePlace = former.Enabled && isSameInbox;
        if (former.Enabled && !isSameInbox) await LeaveAsync(former, ct);
        if (!isSameInbox)
        {
            await places.ForgetAllAsync(app.Id, ct);
            await BeginAsync(app.Id, ct);
        }

        await SayAsync(app, isSamePlace ? Key.AppUpdatedMessage : Key.AppConnectedMessage, ct);
    }

    /// <summary>Says goodbye in the inbox if that is possible at all: an app can also be removed when its Chatwoot is gone.</summary>
    public async Task LeaveAsync(AppRecord app, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(GoodbyeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            await PostAsync(Open(app), Key.AppDisconnectedMessage, either.Token);
        }
        catch (Exception e) when (e is ChatwootException or ChatwootAwayException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            logger.ChatwootSkipped(app.Id, "the goodbye could not be posted");
        }
    }

    /// <summary>The app is deleted: where its chats were filed means nothing to another app of the same id.</summary>
    public async Task ForgetAsync(string app, CancellationToken ct)
    {
        await places.ForgetAllAsync(app, ct);
        await passes.ForgetAsync(app, ct);
        results.Forget(app);
    }

    /// <summary>From now on what agents write in the inbox is the app's to send.</summary>
    public async Task BeginAsync(string app, CancellationToken ct)
    {
        results.Forget(app);
        await passes.BeginAsync(app, ct);
    }

    private async Task SayAsync(AppRecord app, string key, CancellationToken ct)
    {
        var context = Open(app);
        try
        {
            await DefineAttributesAsync(context.Client, ct);
            await PostAsync(context, key, ct);
        }
        catch (ChatwootAwayException e)
        {
            throw new RuleException(e.Message);
        }
        catch (ChatwootException e)
        {
            throw new RuleException($"Chatwoot refuses the settings (status {e.Status}) {e.Reason}".TrimEnd());
        }
    }

    private async Task PostAsync(ChatwootContext context, string key, CancellationToken ct)
    {
        var text = context.Words.Say(key, new { name = context.App.Session });
        var conversation = await integration.ConversationAsync(context, ct);
        await context.Client.PostMessageAsync(conversation, new() { ["content"] = text, ["message_type"] = "incoming", ["private"] = false }, ct);
    }

    /// <summary>Makes the contact attributes that the look-up of contacts needs, and puts right those that differ.</summary>
    /// <returns>The names of those that were made or changed.</returns>
    public static async Task<IReadOnlyList<string>> DefineAttributesAsync(ChatwootClient client, CancellationToken ct)
    {
        List<string> changed = [];
        var known = (await client.ListAttributesAsync(ct)).OfType<JsonObject>().ToList();
        foreach (var (key, name, meaning) in Definitions)
        {
            var wanted = new JsonObject
            {
                ["attribute_key"] = key,
                ["attribute_display_name"] = name,
                ["attribute_description"] = meaning,
                ["attribute_display_type"] = 0,
                ["attribute_model"] = 1,
            };
            var there = known.Find(a => a["attribute_key"]?.ToString() == key);
            if (there is null)
            {
                await client.CreateAttributeAsync(wanted, ct);
                changed.Add(key);
            }
            else if (there["attribute_display_name"]?.ToString() != name || there["attribute_description"]?.ToString() != meaning || there["attribute_display_type"]?.ToString() is not ("text" or "0"))
            {
                await client.ChangeAttributeAsync(there["id"]!.GetValue<long>(), wanted, ct);
                changed.Add(key);
            }
        }

        return changed;
    }

    private ChatwootContext Open(AppRecord app)
    {
        var config = ChatwootConfig.Read(app.Config);
        return new(app, config, clients.For(config, JobClass.Live), locales.Open(config));
    }
}
