using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>What agents do, and Chatwoot itself in their place: each kind of message, its parts, its target, and what becomes of it later.</summary>
internal static class AgentRows
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF"u8, 0, .. new byte[400]];
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    private static readonly byte[] Other = [.. "some bytes "u8, .. new byte[500]];

    public static IReadOnlyDictionary<string, Func<Row, Task>> All { get; } = new Dictionary<string, Func<Row, Task>>(StringComparer.Ordinal)
    {
        ["01-text"] = row => row.AnswersAsync("plain"),
        ["01-survey"] = row => IsWrittenAsync(row, new() { ["content"] = "how was it? https://chatwoot.example/survey/1", ["content_type"] = "input_csat", ["message_type"] = "template" }),
        ["01-greeting"] = row => IsWrittenAsync(row, new() { ["content"] = "we are closed now", ["message_type"] = "template" }),
        ["01-other-content-types"] = async row =>
        {
            foreach (var kind in new[] { "input_select", "cards", "form", "article" }) await ToldAsync(row, new() { ["content"] = "choose", ["content_type"] = kind, ["message_type"] = "outgoing" });
        },
        ["01-note"] = row => row.Chatwoot.AgentNoteAsync(row.Conversation.Id, "between us"),
        ["01-without-text"] = row => ToldAsync(row, new() { ["content"] = null, ["message_type"] = "outgoing" }),
        ["02-mention-of-all-in-a-group"] = row => InGroupAsync(row, "@all we are open"),
        ["02-mention-of-all-alone"] = row => InGroupAsync(row, "@ALL"),
        ["02-mention-by-number-in-a-group"] = row => InGroupAsync(row, $"@{RowWorld.BensNumber} please look"),
        ["02-mention-by-lid-in-a-group"] = row => InGroupAsync(row, $"@{row.Ben.Lid.User}@lid please look"),
        ["02-mention-outside-a-group"] = row => row.AnswersAsync($"write to @all or @{RowWorld.BensNumber}"),
        ["03-markdown"] = row => row.AnswersAsync("**bold** *italic* _too_ ~~gone~~ [the page](https://a.example/a_b_c) `code`\n```\n**as it is**\n```\n- one\n+ two\n* three"),
        ["03-line-ends"] = row => row.AnswersAsync("one\\\ntwo"),
        ["04-reply"] = async row => await row.AnswersAsync("the answer", (await row.WritesAsync("the question")).Id),
        ["04-reply-to-picture"] = async row => await row.AnswersAsync("nice", (await row.ArrivesAsync(row.Ana.Media.SendImage(row.Shop.Number.User, Jpeg, "my roof"))).Id),
        ["04-reply-to-own-answer"] = async row => await row.AnswersAsync("I mean tomorrow", await row.AnswersAsync("today")),
        ["04-reply-in-a-group"] = async row => await InGroupAsync(row, "the answer", await row.ArrivesAsync(row.Ben.Groups.SendText(row.Group, "the question"))),
        ["04-reply-to-note"] = async row => await row.AnswersAsync("never mind", await row.Chatwoot.AgentNoteAsync(row.Conversation.Id, "between us")),
        ["05-files-after-text"] = row => row.SendsFilesAsync("all **three**", ("a.jpg", "image/jpeg", Jpeg), ("Ünï code.pdf", "application/pdf", Other), ("c.webp", "image/webp", Other)),
        ["05-files-without-text"] = row => row.SendsFilesAsync(null, ("a.jpg", "image/jpeg", Jpeg), ("b.pdf", "application/pdf", Other)),
        ["06-jpeg"] = row => row.SendsFilesAsync("the **new** one", ("a picture.jpg", "image/jpeg", Jpeg)),
        ["06-jpeg-without-text"] = row => row.SendsFilesAsync(null, ("a.jpg", "image/jpeg", Jpeg)),
        ["06-png"] = row => row.SendsFilesAsync("as picture", ("a.png", "image/png", Png)),
        ["06-webp"] = row => row.SendsFilesAsync("as document", ("a.webp", "image/webp", Other)),
        ["06-mp4"] = row => SendsConvertedAsync(row, "a film", "a.mp4", "video/mp4", () => FfmpegTool.MakeAsync("testsrc=size=32x32:rate=5:duration=1", "mp4", row.Ct, "-pix_fmt", "yuv420p")),
        ["06-mp4-that-is-none"] = row => SendsConvertedAsync(row, "as document", "a.mp4", "video/mp4", () => Task.FromResult(Other)),
        ["06-mp3"] = row => SendsConvertedAsync(row, "listen", "a.mp3", "audio/mpeg", () => FfmpegTool.MakeAsync("sine=frequency=440:duration=1", "mp3", row.Ct)),
        ["06-mp3-that-is-none"] = row => SendsConvertedAsync(row, null, "a.mp3", "audio/mpeg", () => Task.FromResult(Other)),
        ["06-pdf"] = row => row.SendsFilesAsync("the *list*", ("list.pdf", "application/pdf", Other)),
        ["06-unknown-type"] = row => row.SendsFilesAsync("look", ("data.xyz", "application/octet-stream", Other)),
        ["07-retry-after-failure"] = async row =>
        {
            row.World.WhatsApp.Rules.Refuses = (_, _) => 463;
            var refused = await row.Chatwoot.AgentReplyAsync(row.Conversation.Id, "one more thing");
            await row.HasStatusAsync(refused, "failed");
            row.World.WhatsApp.Rules.Refuses = null;
            await row.Chatwoot.AgentRetryAsync(refused);
            await row.HasStatusAsync(refused, "delivered");
            await row.SaysAsync(row.Conversation, "Done after a retry");
        },
        ["07-read"] = async row =>
        {
            var answer = await row.AnswersAsync("read this");
            row.Ana.MarkRead(row.Ana.Messages[^1]);
            await row.HasStatusAsync(answer, "read");
        },
        ["07-read-by-answering"] = async row =>
        {
            await row.WritesAsync("one");
            await row.WritesAsync("two");
            await row.AnswersAsync("three");
        },
        ["08-deletion"] = async row => await row.Chatwoot.AgentDeletesAsync(await row.AnswersAsync("a slip")),
        ["08-deletion-of-all-parts"] = async row => await row.Chatwoot.AgentDeletesAsync(await row.SendsFilesAsync("both", ("a.jpg", "image/jpeg", Jpeg), ("b.pdf", "application/pdf", Other))),
        ["08-deletion-of-what-the-phone-sent"] = async row => await row.Chatwoot.AgentDeletesAsync((await row.ArrivesAsync(row.Shop.SendText(RowWorld.AnasNumber, "from my phone"))).Id),
        ["08-deletion-of-a-note"] = async row => await row.Chatwoot.AgentDeletesAsync(await row.Chatwoot.AgentNoteAsync(row.Conversation.Id, "between us")),
        ["09-reaction"] = async row => await row.Chatwoot.AgentReplyAsync(row.Conversation.Id, "👍🏽", (await row.WritesAsync("thanks")).Id),
        ["09-reaction-taken-back"] = async row =>
        {
            var reaction = await row.Chatwoot.AgentReplyAsync(row.Conversation.Id, "🙏", (await row.WritesAsync("thanks")).Id);
            await row.GetsAsync(message => message.Content.ReactionMessage?.Text == "🙏");
            await row.Chatwoot.AgentDeletesAsync(reaction);
        },
        ["09-edit"] = async row =>
        {
            await row.Chatwoot.AgentReplyAsync(row.Conversation.Id, "/edit until **6**", await row.AnswersAsync("until 5"));
            await row.SaysAsync(row.Conversation, "was changed in WhatsApp");
        },
        ["10-resolved-and-opened"] = async row =>
        {
            await row.Chatwoot.AgentSetsStatusAsync(row.Conversation, "resolved");
            await row.Chatwoot.AgentSetsStatusAsync(row.Conversation, "open");
        },
        ["10-typing"] = async row =>
        {
            await row.Chatwoot.AgentTypesAsync(row.Conversation, isTyping: true);
            await row.Chatwoot.AgentTypesAsync(row.Conversation, isTyping: false);
        },
        ["11-first-to-a-number"] = async row =>
        {
            row.Watched.Add(row.World.WhatsApp.AddAccount("5511900000055", "Dora Example"));
            var contact = row.Chatwoot.Store.AddContact(new() { ["name"] = "Dora by hand", ["phone_number"] = "+5511900000055" });
            row.Chatwoot.Store.Link(contact, ChatwootSimulator.InboxId, null);
            await row.AnswersAsync("good day", null, await row.Chatwoot.AgentOpensAsync(contact));
        },
    };

    /// <summary>A film or a recording: what phones can play is made of it, where that can be done.</summary>
    private static async Task SendsConvertedAsync(Row row, string? text, string name, string contentType, Func<Task<byte[]>> make)
    {
        FfmpegTool.Require();
        await row.SendsFilesAsync(text, (name, contentType, await make()));
    }

    /// <summary>Chatwoot writes by itself.</summary>
    private static async Task IsWrittenAsync(Row row, JsonObject body) => await row.HasStatusAsync(await ToldAsync(row, body), "delivered");

    private static async Task<long> ToldAsync(Row row, JsonObject body)
    {
        var (message, told) = row.Chatwoot.Desk.Add(row.Conversation.Id, body, [], isFromAgent: true)!.Value;
        await told;
        return message.Id;
    }

    private static Task InGroupAsync(Row row, string text, SimMessage? reply = null) => row.AnswersAsync(text, reply?.Id, row.GroupConversation);
}
