using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;

namespace Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;

/// <summary>Whether the inbox is as the bridge needs it, and what else in Chatwoot may get between.</summary>
internal sealed class InboxChecks(Settings settings)
{
    private static readonly string[] NeedsInbox = ["inbox"];

    public IEnumerable<Check> All() =>
    [
        new("inbox", Key.DoctorCheckInbox, InboxAsync) { Needs = ["account"], IsDrift = true },
        new("inbox-type", Key.DoctorCheckInboxType, TypeAsync) { Needs = NeedsInbox, IsDrift = true },
        new("identifier", Key.DoctorCheckIdentifier, IdentifierAsync) { Needs = ["inbox-type"] },
        new("members", Key.DoctorCheckMembers, MembersAsync) { Needs = NeedsInbox, FixAsync = AddMembersAsync },
        new("attributes", Key.DoctorCheckAttributes, AttributesAsync) { Needs = ["token"], IsDrift = true, IsSafeToFix = true, FixAsync = (e, ct) => ChatwootSetup.DefineAttributesAsync(e.Context.Client, ct) },
        new("single-conversation", Key.DoctorCheckSingleConversation, LockAsync) { Needs = NeedsInbox },
        new("reply-window", Key.DoctorCheckReplyWindow, ReplyWindowAsync) { Needs = ["inbox-type"] },
        new("bot", Key.DoctorCheckBot, BotAsync) { Needs = ["inbox", "role"] },
        new("automations", Key.DoctorCheckAutomations, AutomaticAsync) { Needs = NeedsInbox },
        new("account-webhooks", Key.DoctorCheckAccountWebhooks, WebhooksAsync) { Needs = ["role"] },
        new("upload-limit", Key.DoctorCheckUploadLimit, (_, _) => Task.FromResult(UploadLimit())),
    ];

    private static async Task<Finding> InboxAsync(Examination e, CancellationToken ct) => await e.InboxAsync(ct) is { } inbox
        ? Finding.Ok($"'{inbox["name"]}' ({e.Config.InboxId})")
        : Finding.Fail($"there is no inbox {e.Config.InboxId}, or the token's owner may not see it", "Connect again with url and accountToken alone: the inbox is made anew, or choose another in the app's settings");

    private static async Task<Finding> TypeAsync(Examination e, CancellationToken ct) => (await e.InboxAsync(ct))! is var inbox && ChatwootAdmin.IsApiInbox(inbox)
        ? Finding.Ok("API")
        : Finding.Fail($"{inbox["channel_type"]}", "Give the id of an inbox of the type API, or connect again with url and accountToken alone");

    private static async Task<Finding> IdentifierAsync(Examination e, CancellationToken ct)
    {
        var identifier = CallbackFields.Text((await e.InboxAsync(ct))!["inbox_identifier"]);
        if (identifier is null) return Finding.Skip("Chatwoot does not show it");
        return identifier == e.Config.InboxIdentifier ? Finding.Ok("that of the app's settings") : Finding.Fail("the app's settings have that of another inbox", "Copy inboxIdentifier from the inbox's settings, under Configuration");
    }

    private static async Task<Finding> MembersAsync(Examination e, CancellationToken ct)
    {
        var members = await e.Admin.MembersAsync(e.Config.InboxId, ct);
        return members.Count > 0 ? Finding.Ok(string.Create(CultureInfo.InvariantCulture, $"{members.Count} have access")) : Finding.Warn("nobody but administrators sees the conversations", "Add agents to the inbox, under Collaborators");
    }

    private static async Task AddMembersAsync(Examination e, CancellationToken ct) =>
        await e.Admin.AddMembersAsync(e.Config.InboxId, (await e.Admin.AgentsAsync(ct)).Select(agent => agent["id"]!.GetValue<long>()), ct);

    private static async Task<Finding> AttributesAsync(Examination e, CancellationToken ct)
    {
        var known = (await e.Context.Client.ListAttributesAsync(ct)).Select(a => a?["attribute_key"]?.ToString()).ToHashSet();
        var missing = new[] { ChatwootSetup.ChatIdAttribute, ChatwootSetup.JidAttribute, ChatwootSetup.LidAttribute }.Where(key => !known.Contains(key)).ToList();
        return missing.Count == 0 ? Finding.Ok("all three are defined") : Finding.Fail($"not defined: {string.Join(", ", missing)}", "Run the doctor with --fix");
    }

    private static async Task<Finding> LockAsync(Examination e, CancellationToken ct)
    {
        var isLocked = (await e.InboxAsync(ct))!["lock_to_single_conversation"]?.GetValue<bool>() == true;
        var statuses = e.Config.Statuses is { Count: > 0 } some ? string.Join(", ", some) : "any";
        if (isLocked && e.Config.Statuses is { Count: > 0 })
        {
            return Finding.Warn($"Chatwoot keeps one conversation for each contact, but only those that are {statuses} are used", "Set conversations.status to null, or turn 'Lock to single conversation' off");
        }

        return Finding.Ok(isLocked ? "one for each contact" : $"several; used: {e.Config.Sort}, {statuses}");
    }

    private static async Task<Finding> ReplyWindowAsync(Examination e, CancellationToken ct) =>
        CallbackFields.Number(CallbackFields.Child((await e.InboxAsync(ct))!["additional_attributes"], "agent_reply_time_window")) is { } hours and > 0
            ? Finding.Warn(string.Create(CultureInfo.InvariantCulture, $"agents cannot answer {hours} h after a customer's last message; WhatsApp itself sets no limit here"), "Take agent_reply_time_window out of the inbox's additional attributes")
            : Finding.Ok("none");

    private static async Task<Finding> BotAsync(Examination e, CancellationToken ct) => await e.Admin.BotAsync(e.Config.InboxId, ct) is { } bot
        ? Finding.Warn($"'{bot}' gets every new conversation first, as pending: agents do not see it under Open", "Take the bot off the inbox, unless you want it so")
        : Finding.Ok("none");

    private static async Task<Finding> AutomaticAsync(Examination e, CancellationToken ct)
    {
        var inbox = (await e.InboxAsync(ct))!;
        var found = new[] { ("greeting_enabled", "a greeting"), ("csat_survey_enabled", "a survey when a conversation is resolved") }.Where(kind => inbox[kind.Item1]?.GetValue<bool>() == true).Select(kind => kind.Item2).ToList();
        return found.Count == 0 ? Finding.Ok("none")
            : Finding.Warn($"{string.Join(" and ", found)}: these go to every customer on WhatsApp as well, and mass messages may cost the number", "Turn them off in the inbox's settings, unless you want them so");
    }

    private static async Task<Finding> WebhooksAsync(Examination e, CancellationToken ct) =>
        (await e.Admin.AccountWebhooksAsync(ct)).FirstOrDefault(url => CallbackAddress.AreSame(url, e.Callback)) is not null
            ? Finding.Warn("one of them calls the inbox's own callback address: everything comes twice", "Delete that webhook under Integrations in Chatwoot")
            : Finding.Ok("none of them calls us");

    private Finding UploadLimit()
    {
        const int WhatsAppMedia = 16;
        var said = string.Create(CultureInfo.InvariantCulture, $"{settings.ChatwootMaxFileMegabytes} MiB; larger ones are posted as links");
        return settings.ChatwootMaxFileMegabytes >= WhatsAppMedia ? Finding.Ok(said) : Finding.Warn(said, "Raise MAXIMUM_FILE_UPLOAD_SIZE here and in Chatwoot: WhatsApp's pictures and films have up to 16 MiB");
    }
}
