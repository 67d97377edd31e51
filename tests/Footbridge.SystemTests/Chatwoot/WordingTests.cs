using System.Text.Json.Nodes;
using Footbridge.Server.Config;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>What is said, in which words: an operator's folder, an app's own texts, and notes about tries.</summary>
public sealed class WordingTests : ChatwootTest
{
    private readonly string _languages = Directory.CreateTempSubdirectory("footbridge-languages-").FullName;

    private protected override void Configure(Settings settings)
    {
        File.WriteAllText(Path.Combine(_languages, "nl-NL.yml"), "locale.name: 🇳🇱 Nederlands (Dutch)\nlocale.base: nl-NL\napp.help.reminder: old\ndatetime:\n  hour12: false\n  timeZone: Europe/Amsterdam\n");
        File.WriteAllText(Path.Combine(_languages, "nl-NL.yaml"), "app.connected.message: Verbonden met **{{{name}}}**.\nToday: Vandaag\n");
        File.WriteAllText(Path.Combine(_languages, "broken.yml"), "a: [\n");
        File.WriteAllText(Path.Combine(_languages, "notes.txt"), "not a language");
        Directory.CreateDirectory(Path.Combine(_languages, "deeper"));
        File.WriteAllText(Path.Combine(_languages, "deeper", "sv-SE.yml"), "locale.name: not read\n");
        settings.LanguagesFolder = _languages;
        settings.TellsOfRetries = true;
        (settings.Jobs.Attempts, settings.Jobs.BackoffDelay) = (20, TimeSpan.FromMilliseconds(300));
    }

    protected override void CleanUp() => Directory.Delete(_languages, recursive: true);

    protected override Task PrepareAsync() => World.LinkAsync("shop", Shop, Ct);

    [Fact]
    public async Task Languages_are_listed_with_those_of_the_folder()
    {
        var listed = (await CallAsync("GET", "/api/apps/chatwoot/locales", null, 200))!.AsArray().Select(l => (Locale: l!["locale"]!.ToString(), Name: l["name"]!.ToString())).ToList();
        Assert.Equal(("en-US", "🇺🇸 English (English)"), listed[0]);
        Assert.Contains(("nl-NL", "🇳🇱 Nederlands (Dutch)"), listed);
        Assert.DoesNotContain(listed, l => l.Locale is "broken" or "notes" or "sv-SE");
    }

    [Fact]
    public async Task An_app_speaks_its_language_and_its_own_texts_win()
    {
        await ConnectAsync("nl-NL", new()
        {
            ["chatwoot.to.whatsapp.message.text"] = "{{#chatwoot.sender.name}}*{{{chatwoot.sender.name}}}:*\n{{/chatwoot.sender.name}}{{{content}}}",
            ["whatsapp.to.chatwoot.message"] = "{{{payload.body}}} & more from {{{payload.from}}}",
            ["app.inbox.contact.avatar.url"] = "https://pictures.example/logo.png",
        });
        await SaidAsync(Integration, "Verbonden met **shop**.");
        Assert.Equal($"it's & more from {Customer}@c.us", (await AnaWritesAsync("it's")).Content);
        await Chatwoot.AgentReplyAsync(Chatwoot.ConversationOf(Customer)!.Id, "good **day**");
        Assert.EndsWith(":*\ngood *day*", (await Ana.Incoming.ReadAsync(Ct)).Text, StringComparison.Ordinal);
        await Chatwoot.AgentReplyAsync(Integration.Id, "qr");
        await SaidAsync(Integration, "There is no QR code to scan now.");
    }

    [Fact]
    public async Task A_language_nobody_has_and_a_text_that_is_no_template_are_refused_before_anything_is_said()
    {
        var unknown = await CallAsync("POST", "/api/apps", App(change: app => app["config"]!["locale"] = "tlh"), 422);
        Assert.Contains("'tlh' is not available", unknown!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.Ordinal);
        var broken = App(change: app => app["config"]!["templates"] = new JsonObject { ["message.from.api"] = "{{#text}}" });
        Assert.Contains("templates.message.from.api is not a template", (await CallAsync("POST", "/api/apps", broken, 400))!.ToJsonString(), StringComparison.Ordinal);
        Assert.Null(Chatwoot.Integration);
    }

    [Fact]
    public async Task A_message_that_is_old_when_it_arrives_says_when_it_was_written()
    {
        await World.Product.DisposeAsync();
        World.Configure = settings =>
        {
            Configure(settings);
            settings.DateLineAfter = TimeSpan.FromSeconds(-5);
        };
        await World.StartProductAsync(Ct);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        await ConnectAsync("nl-NL", []);
        Assert.Matches(@"^from before\n`🗓️ Vandaag, \d\d .+ • \d\d:\d\d (CET|CEST)`$", (await AnaWritesAsync("from before")).Content!);
    }

    [Fact]
    public async Task When_asked_for_agents_are_told_of_a_try_that_failed_and_of_the_one_that_helped()
    {
        await ConnectAsync("en-US", []);
        await AnaWritesAsync("hello");
        var conversation = Chatwoot.ConversationOf(Customer)!;
        await CallAsync("POST", "/api/sessions/shop/stop", new JsonObject(), 201);
        var answer = await Chatwoot.AgentReplyAsync(conversation.Id, "are you there?");
        var tried = await SaidAsync(conversation, "Next try in");
        // The wait is 0.3 s: a zero would read as the last try.
        Assert.StartsWith("⚠️ **The message could not be sent to WhatsApp.**\n🔄 Next try in 1 s\nAttempt: 1 / 20\nDetails: [inbox | message_created => job_", tried.Content!, StringComparison.Ordinal);
        Assert.DoesNotContain("```", tried.Content!, StringComparison.Ordinal);
        Assert.Equal("sent", Chatwoot.Store.FindMessage(answer)!.Status);
        await CallAsync("POST", "/api/sessions/shop/start", new JsonObject(), 201);
        var helped = await SaidAsync(conversation, "Done after a retry");
        Assert.Matches(@"^✅ \*\*Done after a retry\*\*\nAttempt: \d+ / 20\nDetails: \[inbox \| message_created => job_", helped.Content!);
        Assert.True(tried.IsPrivate && helped.IsPrivate);
        // The second answers the first, so that nobody takes the failure for the last word.
        Assert.Equal((answer, tried.Id), (tried.ContentAttributes["in_reply_to"]!.GetValue<long>(), helped.ContentAttributes["in_reply_to"]!.GetValue<long>()));
    }

    private async Task ConnectAsync(string locale, JsonObject templates)
    {
        await CallAsync("POST", "/api/apps", App(change: app => (app["config"]!["locale"], app["config"]!["templates"]) = (locale, templates)), 201);
        World.PointWebhook("shop");
    }
}
