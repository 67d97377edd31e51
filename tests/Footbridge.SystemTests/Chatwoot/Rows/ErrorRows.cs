using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Media;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.SystemTests.Dashboard;

namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>What can go wrong for good, by the kind of job it goes wrong in, and where agents read of it.</summary>
internal static class ErrorRows
{
    private const string Failed = "No tries left";

    public static IReadOnlyDictionary<string, Func<Row, Task>> All { get; } = new Dictionary<string, Func<Row, Task>>(StringComparer.Ordinal)
    {
        ["01-answer-while-the-session-is-stopped"] = row => WhileStoppedAsync(row, async () =>
        {
            await FailsAsync(row, await row.Chatwoot.AgentReplyAsync(row.Conversation.Id, "are you there?"));
        }),
        ["01-answer-that-is-sent-by-a-retry"] = async row =>
        {
            var answer = 0L;
            await WhileStoppedAsync(row, async () => await FailsAsync(row, answer = await row.Chatwoot.AgentReplyAsync(row.Conversation.Id, "are you there?")));
            await row.Chatwoot.AgentRetryAsync(answer);
            await row.HasStatusAsync(answer, "delivered");
            await row.SaysAsync(row.Conversation, "Done after a retry");
        },
        ["02-greeting-while-the-session-is-stopped"] = row => WhileStoppedAsync(row, async () =>
        {
            var (message, told) = row.Chatwoot.Desk.Add(row.Conversation.Id, new() { ["content"] = "we are closed", ["message_type"] = "template" }, [], isFromAgent: true)!.Value;
            await told;
            await FailsAsync(row, message.Id);
        }),
        ["02-deletion-while-the-session-is-stopped"] = async row =>
        {
            var answer = await row.AnswersAsync("a slip");
            await WhileStoppedAsync(row, async () =>
            {
                await row.Chatwoot.AgentDeletesAsync(answer);
                await row.SaysAsync(row.Conversation, Failed);
            });
        },
        ["02-command"] = row => WhileRefusedAsync(row, "Account:", row.Integration, () => row.CommandAsync("status")),
        ["02-command-in-a-customers-conversation"] = row => WhileRefusedAsync(row, "Account:", row.Conversation, () => row.CommandAsync("wa/status", row.Conversation)),
        ["02-message"] = row => WhileRefusedAsync(row, "\"refused\"", row.Conversation, () => row.Ana.SendText(row.Shop.Number.User, "refused")),
        ["02-message-of-the-phone"] = row => WhileRefusedAsync(row, "refused", row.Conversation, () => row.Shop.SendText(RowWorld.AnasNumber, "refused")),
        ["02-message-in-a-group"] = row => WhileRefusedAsync(row, "refused", row.GroupConversation, () => row.Ana.Groups.SendText(row.Group, "refused")),
        ["02-message-without-a-conversation-yet"] = async row =>
        {
            var eve = row.World.WhatsApp.AddAccount("5511900000066", "Eve Example");
            row.Chatwoot.Faults.OnRequest = request => request.Method == "POST" && request.Path.Value!.EndsWith("/simulated-inbox/contacts", StringComparison.Ordinal) ? new ChatwootFault.Status(422) : null;
            eve.SendText(row.Shop.Number.User, "hello");
            await row.SaysAsync(row.Integration, Failed);
        },
        ["02-reaction"] = async row =>
        {
            var thanks = row.Anas(await row.WritesAsync("thanks"));
            await WhileRefusedAsync(row, "*Reaction*", row.Conversation, () => row.Ana.React(row.Shop.Number.User, thanks, "👍"));
        },
        ["02-edit"] = async row =>
        {
            var order = row.Anas(await row.WritesAsync("two cakes"));
            await WhileRefusedAsync(row, "three cakes", row.Conversation, () => row.Ana.Edit(row.Shop.Number.User, order, "three cakes", wraps: true));
        },
        ["02-deletion"] = async row =>
        {
            var secret = row.Anas(await row.WritesAsync("my password"));
            await WhileRefusedAsync(row, "Deleted in WhatsApp", row.Conversation, () => row.Ana.Revoke(row.Shop.Number.User, secret));
        },
        ["02-call"] = row => WhileRefusedAsync(row, "coming in", row.Conversation, () => row.Ana.People.Call(row.Shop.Number.User)),
        ["02-import"] = row => ImportFailsAsync(row, row.Integration, ""),
        ["02-import-from-a-customers-conversation"] = row => ImportFailsAsync(row, row.Conversation, "wa/"),
        ["03-number-without-whatsapp"] = row => FirstToAsync(row, new() { ["name"] = "Nobody", ["phone_number"] = "+5511988888888" }),
        ["03-contact-without-an-address"] = row => FirstToAsync(row, new() { ["name"] = "No address", ["email"] = "no@address.example" }),
        ["03-refused-by-whatsapp"] = async row =>
        {
            row.World.WhatsApp.Rules.Refuses = (_, _) => 479;
            await FailsAsync(row, await row.Chatwoot.AgentReplyAsync(row.Conversation.Id, "refused"));
            row.World.WhatsApp.Rules.Refuses = null;
        },
        ["03-file-that-whatsapp-does-not-take"] = async row =>
        {
            row.World.WhatsApp.Media.Fault = request => request.Method == "POST" ? new MediaFault.Status(413) : null;
            await FailsAsync(row, await row.Chatwoot.AgentSendsAsync(row.Conversation.Id, "here", ("film.pdf", "application/pdf", new byte[500])));
            row.World.WhatsApp.Media.Fault = null;
        },
        ["04-deletion-of-what-is-not-there"] = row =>
        {
            row.Ana.Revoke(row.Shop.Number.User, new("UNKNOWN", row.Shop.Number, row.Ana.Number, true, new()));
            return Task.CompletedTask;
        },
        ["04-message-for-an-app-that-is-switched-off"] = async row =>
        {
            await row.World.Part<JobQueue>().PauseAsync(Queues.MessageAny, row.Ct);
            row.Ana.SendText(row.Shop.Number.User, "nobody listens");
            await row.HasJobAsync(Queues.MessageAny, JobState.Paused);
            await row.EnableAsync(false);
            await row.World.Part<JobQueue>().ResumeAsync(Queues.MessageAny, row.Ct);
            await row.HasJobAsync(Queues.MessageAny, JobState.Failed, "app app_shop was deleted or disabled");
            await row.EnableAsync(true);
        },
        ["04-report-that-is-refused"] = async row =>
        {
            var (asked, both) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            row.Chatwoot.Faults.OnRequest = request =>
            {
                if (!request.IsMessage()) return null;
                if (Interlocked.Increment(ref asked) == 2) both.SetResult();
                return new ChatwootFault.Status(422);
            };
            row.Ana.SendText(row.Shop.Number.User, "refused, and the note with it");
            await both.Task.WaitAsync(row.Ct);
        },
    };

    private static async Task FailsAsync(Row row, long message)
    {
        await row.HasStatusAsync(message, "failed");
        await row.SaysAsync(row.Chatwoot.Store.Read((_, all) => all[row.Chatwoot.Store.FindMessage(message)!.ConversationId]), Failed);
    }

    private static async Task WhileStoppedAsync(Row row, Func<Task> play)
    {
        await row.PostAsync("/api/sessions/shop/stop", []);
        await play();
        await row.PostAsync("/api/sessions/shop/start", []);
        await row.World.WaitStatusAsync("shop", "WORKING", row.Ct);
    }

    /// <summary>Chatwoot does not take messages that say something; the note about that is in a conversation.</summary>
    private static async Task WhileRefusedAsync(Row row, string part, SimConversation conversation, Func<Task> play)
    {
        row.Chatwoot.Faults.OnRequest = request => request.IsMessage() && request.Says(part) && !request.Says(Failed) ? new ChatwootFault.Status(422) : null;
        await play();
        await row.SaysAsync(conversation, Failed);
    }

    private static Task WhileRefusedAsync(Row row, string part, SimConversation conversation, Action play) => WhileRefusedAsync(row, part, conversation, () =>
    {
        play();
        return Task.CompletedTask;
    });

    private static async Task ImportFailsAsync(Row row, SimConversation conversation, string prefix)
    {
        row.Chatwoot.Faults.OnRequest = request => request.Path.Value!.EndsWith("/contacts/filter", StringComparison.Ordinal) ? new ChatwootFault.Status(401) : null;
        await row.CommandAsync(prefix + "contacts pull --dc 0s --db 0s", conversation);
        await row.SaysAsync(conversation, Failed);
    }

    /// <summary>An agent writes first to a contact made by hand.</summary>
    private static async Task FirstToAsync(Row row, JsonObject fields)
    {
        var contact = row.Chatwoot.Store.AddContact(fields);
        row.Chatwoot.Store.Link(contact, ChatwootSimulator.InboxId, null);
        await FailsAsync(row, await row.Chatwoot.AgentReplyAsync((await row.Chatwoot.AgentOpensAsync(contact)).Id, "good day"));
    }
}
