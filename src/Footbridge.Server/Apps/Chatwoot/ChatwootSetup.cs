using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>What an app makes in Chatwoot when it is connected, changed or removed.</summary>
internal sealed class ChatwootSetup(ChatwootClients clients, ChatDirectory directory)
{
    public const string IntegrationId = "whatsapp.integration";
    public const string ChatIdAttribute = "waha_whatsapp_chat_id";
    public const string JidAttribute = "waha_whatsapp_jid";
    public const string LidAttribute = "waha_whatsapp_lid";

    private static readonly (string Key, string Name, string Meaning)[] Definitions =
    [
        (ChatIdAttribute, "WhatsApp Chat ID", "The chat that answers go to"),
        (JidAttribute, "WhatsApp JID", "The contact by phone number"),
        (LidAttribute, "WhatsApp LID", "The contact by hidden id"),
    ];

    /// <exception cref="RuleException">Chatwoot cannot be reached or refuses; nothing was saved.</exception>
    public Task ConnectAsync(AppRecord app, CancellationToken ct) => SayAsync(app, Texts.Connected(app.Session), ct);

    public async Task UpdateAsync(AppRecord former, AppRecord app, CancellationToken ct)
    {
        var (old, now) = (ChatwootConfig.Read(former.Config), ChatwootConfig.Read(app.Config));
        var isSamePlace = former.Enabled && old.Url == now.Url && old.InboxId == now.InboxId;
        if (!isSamePlace) await directory.ForgetAllAsync(app.Id, ct);
        await SayAsync(app, isSamePlace ? Texts.Updated(app.Session) : Texts.Connected(app.Session), ct);
    }

    public async Task DisconnectAsync(AppRecord app, CancellationToken ct)
    {
        var context = Open(app);
        await PostAsync(context, Texts.Disconnected(app.Session), ct);
    }

    private async Task SayAsync(AppRecord app, string text, CancellationToken ct)
    {
        var context = Open(app);
        try
        {
            await DefineAttributesAsync(context.Client, ct);
            await PostAsync(context, text, ct);
        }
        catch (ChatwootAwayException e)
        {
            throw new RuleException(e.Message);
        }
        catch (ChatwootException e)
        {
            throw new RuleException($"Chatwoot refuses the settings (status {e.Status}): {e.Body}");
        }
    }

    private async Task PostAsync(ChatwootContext context, string text, CancellationToken ct)
    {
        var conversation = await directory.IntegrationAsync(context, ct);
        await context.Client.PostMessageAsync(conversation, new() { ["content"] = text, ["message_type"] = "incoming", ["private"] = false }, ct);
    }

    private static async Task DefineAttributesAsync(ChatwootClient client, CancellationToken ct)
    {
        var known = (await client.ListAttributesAsync(ct)).Select(a => a?["attribute_key"]?.ToString()).ToHashSet();
        foreach (var (key, name, meaning) in Definitions.Where(d => !known.Contains(d.Key)))
        {
            await client.CreateAttributeAsync(
                new()
                {
                    ["attribute_key"] = key,
                    ["attribute_display_name"] = name,
                    ["attribute_description"] = meaning,
                    ["attribute_display_type"] = 0,
                    ["attribute_model"] = 1,
                },
                ct);
        }
    }

    private ChatwootContext Open(AppRecord app)
    {
        var config = ChatwootConfig.Read(app.Config);
        return new(app, config, clients.For(config));
    }
}
