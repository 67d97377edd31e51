using System.Text.Json.Nodes;
using Footbridge.Engine.Messages;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.Commands;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.ToWhatsApp;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot.Wording;

/// <summary>The texts with sections, as agents read them: no empty lines where nothing stands, nothing escaped.</summary>
public sealed class EnglishTextsTests
{
    private static readonly object Details = new { text = "inbox | message_created => job_7", url = "http://localhost:3000/jobs/queue/q/job_7" };

    private static Words Words => LocalesOf.English;

    [Fact]
    public void A_report_of_the_last_try_shows_the_error_in_a_block() => Assert.Equal(
        "⚠️ **The message could not be sent to WhatsApp.**\n❌ No tries left\nAttempt: 3 / 3\nDetails: [inbox | message_created => job_7](http://localhost:3000/jobs/queue/q/job_7)\n\n```\nbad\n```",
        Words.Say(Key.JobReportError, new { header = Words.Say(Key.WhatsAppMessageSendingError), attempts = new { current = 3, max = 3 }, details = Details, error = "bad" }));

    [Fact]
    public void A_report_of_an_earlier_try_says_when_the_next_one_is() => Assert.Equal(
        "⚠️ **x**\n🔄 Next try in 2 s\nAttempt: 1 / 3\nDetails: [inbox | message_created => job_7](http://localhost:3000/jobs/queue/q/job_7)",
        Words.Say(Key.JobReportError, new { header = "x", attempts = new { current = 1, max = 3, nextDelay = 2 }, details = Details, error = (string?)null }));

    [Fact]
    public void A_poll_a_contact_and_a_list_have_a_line_for_each_of_their_parts()
    {
        Assert.Equal(
            "📊 **Poll**\n**Tea & coffee?**\n- <Tea>\n- Coffee's",
            Words.Say(Key.FromWhatsAppPoll, new { poll = new { name = "Tea & coffee?", options = new[] { new { optionName = "<Tea>" }, new { optionName = "Coffee's" } } } }));
        Assert.Equal(
            "👤 **Contact card**\n\n**Ana**\n- +55 1\n- +55 2\n\n**Rui**",
            Words.Say(Key.FromWhatsAppContacts, new { contacts = new[] { new { fullName = "Ana", phoneNumbers = new[] { "+55 1", "+55 2" } }, new { fullName = "Rui", phoneNumbers = Array.Empty<string>() } } }));
        var list = JsonNode.Parse("""{"title":"Menu","description":"Choose","footerText":"","buttonText":"Open","sections":[{"title":"Hot","rows":[{"title":"Tea"}]},{"title":"","rows":[{"title":"Ice"}]}]}""");
        Assert.Equal("**Menu**\nChoose\n[Open]\n\n**Hot**\n- Tea\n\n- Ice", Words.Say(Key.FromWhatsAppList, new { message = new { listMessage = list } }));
    }

    [Fact]
    public void A_place_has_a_link_to_a_map() => Assert.Equal(
        "📍 **Location**\n**Café**\n[Open the map](https://www.google.com/maps?q=-23.5,-46.625)",
        Words.Say(Key.FromWhatsAppLocation, new { message = JsonNode.Parse("""{"locationMessage":{"name":"Café","degreesLatitude":-23.5,"degreesLongitude":-46.625}}""") }));

    [Fact]
    public void A_missing_file_keeps_its_caption_and_has_the_link_only_without_one()
    {
        Assert.Equal("see this\n\n🖼️⚠️ **Attachment not available, see the phone.**", Words.Say(Key.FromWhatsAppHasMediaNoMedia, new { content = "see this", details = Details }));
        Assert.Equal(
            "🖼️⚠️ **Attachment not available, see the phone.**\nDetails: [inbox | message_created => job_7](http://localhost:3000/jobs/queue/q/job_7)",
            Words.Say(Key.FromWhatsAppHasMediaNoMedia, new { content = (string?)null, details = Details }));
    }

    [Fact]
    public void A_caption_stands_under_a_single_file_only()
    {
        Assert.Equal("0", Words.Say(Key.ToWhatsAppMediaCaption, new { content = "0", singleAttachment = true }));
        Assert.Equal("", Words.Say(Key.ToWhatsAppMediaCaption, new { content = "x", singleAttachment = false }));
        Assert.Equal("", Words.Say(Key.ToWhatsAppMediaCaption, new { content = (string?)null, singleAttachment = true }));
    }

    [Fact]
    public void Wahas_way_to_put_the_agents_name_before_a_text_works()
    {
        var words = new LocalesOf().Words("en-US", (Key.ToWhatsAppText, "{{#chatwoot.sender.name}}\n*{{{chatwoot.sender.name}}}:*\n{{/chatwoot.sender.name}}\n{{{content}}}\n"));
        var callback = JsonNode.Parse("""{"sender":{"name":"Zoë"}}""");
        Assert.Equal("*Zoë:*\nhello", words.Say(Key.ToWhatsAppText, new { content = "hello", chatwoot = callback }));
        Assert.Equal("hello", words.Say(Key.ToWhatsAppText, new { content = "hello", chatwoot = new JsonObject() }));
    }

    [Fact]
    public void The_help_lists_what_may_be_used()
    {
        var all = Help(mayAll: true).Of(CommandTree.Root);
        Assert.StartsWith("Control your WhatsApp integration\n\n**Write a command like this:** **[command]**\n\n🖥️ **Session**\n- **status** - show session status\n- **restart** - ", all, StringComparison.Ordinal);
        Assert.EndsWith(
            "- **help** - show this list\n\n🔄 **Sync**\n- **contacts** - import contacts\n- **messages** - import messages\n\n🧩 **Queue**\n- **queue** - queue actions\n\n🔧 **Server**\n- **server** - Server control",
            all, StringComparison.Ordinal);
        Assert.EndsWith("- **messages** - import messages", Help(mayAll: false).Of(CommandTree.Root), StringComparison.Ordinal);
        Assert.Contains("\n- **wa/qr** - send the QR code", Help(mayAll: false, "wa/").Of(CommandTree.Root), StringComparison.Ordinal);
    }

    [Fact]
    public void The_help_of_one_command_tells_its_usage_arguments_and_options_with_their_defaults()
    {
        Assert.Equal(
            """
            🧩 **Queues**: hold and release them; what arrives meanwhile is kept and carried on later

            **Write a command like this:** **queue [action] [name]**

            **Arguments**
            - **action** - what to do
            - **name** - optional: inbox, whatsapp, scheduled, task, all, or one queue's name
            """,
            Help(mayAll: true).Of(CommandTree.Queue));
        var messages = Help(mayAll: true, "wa/").Of(CommandTree.Messages);
        Assert.Contains("**wa/messages [action] [end] [start] [options]**", messages, StringComparison.Ordinal);
        Assert.Contains("- **end** - far end of the time window, e.g. `2d` (default: 1d)", messages, StringComparison.Ordinal);
        Assert.Contains("- `-p, --progress [n]` - report every so many messages, 0 = never (default: 1000)", messages, StringComparison.Ordinal);
        Assert.Contains("- `--pause` - hold live traffic while pulling\n", messages, StringComparison.Ordinal);
        Assert.Contains("- `-a, --avatar [if-missing|update]` - how photos are imported\n", Help(mayAll: true).Of(CommandTree.Contacts), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_that_means_something_to_an_agent_is_explained_and_another_is_not()
    {
        var until = new DateTimeOffset(2031, 1, 2, 3, 4, 0, TimeSpan.Zero);
        Assert.StartsWith("WhatsApp restricts this number from starting new chats (463) until ", Explain(new SendFailedException("x", 463, until)), StringComparison.Ordinal);
        Assert.StartsWith("WhatsApp did not accept this message to somebody who has not written", Explain(new SendFailedException("x", 463)), StringComparison.Ordinal);
        Assert.Equal("This number has reached WhatsApp's limit of new chats (475). Answers to customers who wrote are not affected.", Explain(new SendFailedException("x", 475)));
        Assert.Contains("(479)", Explain(new SendFailedException("x", 479)), StringComparison.Ordinal);
        Assert.Equal("WhatsApp refused the message (error 421).", Explain(new SendFailedException("x", 421)));
        Assert.Equal("The number +55 11 is not on WhatsApp.", Explain(new NotOnWhatsAppException("+55 11")));
        Assert.Contains("**A message from 5@c.us was not filed**", Explain(new AmbiguousContactException("5@c.us", [])), StringComparison.Ordinal);
        Assert.Contains("[Ana](https://desk.example/7)", Explain(new AmbiguousContactException("5@c.us", [new("Ana", "https://desk.example/7")])), StringComparison.Ordinal);
        Assert.Contains("**shop** is not connected (STOPPED)", Explain(SessionNotWorkingException.InState("shop", "STOPPED")), StringComparison.Ordinal);
        Assert.Null(Explanation.Of(new SendFailedException("nobody can be reached"), Words));
        Assert.Null(Explanation.Of(new ChatwootException(404, "{}"), Words));
    }

    private static string Explain(Exception error) => Explanation.Of(error, Words)!;

    private static HelpText Help(bool mayAll, string prefix = "") => new(
        Words,
        ChatwootConfig.Read(new()
        {
            ["url"] = "http://chatwoot.example",
            ["accountId"] = 1L,
            ["accountToken"] = "token",
            ["inboxId"] = 3L,
            ["inboxIdentifier"] = "inbox",
            ["commands"] = new JsonObject { ["server"] = mayAll, ["queue"] = mayAll },
        }),
        prefix);
}
