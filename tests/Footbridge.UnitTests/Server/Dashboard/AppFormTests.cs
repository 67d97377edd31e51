using System.Text.Json.Nodes;
using Footbridge.Server.Apps;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Dashboard.Setup;
using Footbridge.Server.Sessions;
using Footbridge.UnitTests.Server.Apps.Chatwoot.Wording;

namespace Footbridge.UnitTests.Server.Dashboard;

public sealed class AppFormTests
{
    private static readonly JsonObject Bare = new() { ["url"] = "https://chat.example", ["accountId"] = 1L, ["accountToken"] = "token", ["inboxId"] = 3L, ["inboxIdentifier"] = "identifier" };

    [Fact]
    public void What_is_shown_and_kept_unchanged_means_the_same()
    {
        var saved = AppForm.Of(Bare, isEnabled: true).Apply(Bare);
        Assert.Equal(ChatwootConfig.Read(Bare) with { Templates = null!, Sending = null! }, ChatwootConfig.Read(saved) with { Templates = null!, Sending = null! });
        Assert.Empty(ChatwootConfig.Read(saved).Templates);
    }

    [Fact]
    public void A_secret_is_never_shown_and_stays()
    {
        var config = (JsonObject)Bare.DeepClone();
        config["footbridge"] = new JsonObject { ["webhookSecret"] = "inbox-secret", ["drift"] = "report" };
        var form = AppForm.Of(config, isEnabled: true);
        Assert.DoesNotContain("inbox-secret", form.Own, StringComparison.Ordinal);
        Assert.Equal(("", ""), (form.AccountToken, form.InboxIdentifier));
        var saved = form.Apply(config);
        Assert.Equal(("inbox-secret", "report", "token", "identifier"), (saved["footbridge"]!["webhookSecret"]!.ToString(), saved["footbridge"]!["drift"]!.ToString(), saved["accountToken"]!.ToString(), saved["inboxIdentifier"]!.ToString()));
    }

    [Fact]
    public void The_password_of_the_database_is_never_shown_and_stays()
    {
        var config = (JsonObject)Bare.DeepClone();
        config["footbridge"] = new JsonObject { ["database"] = "postgres://me:hunter2@db/chat" };
        var form = AppForm.Of(config, isEnabled: true);
        Assert.Contains("postgres://me:", form.Own, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", form.Own, StringComparison.Ordinal);
        var saved = form.Apply(config);
        AppSecrets.Restore(saved, config);
        Assert.Equal("postgres://me:hunter2@db/chat", saved["footbridge"]!["database"]!.ToString());
    }

    [Fact]
    public void A_token_that_is_not_given_again_stays_and_goes_to_no_other_server()
    {
        var former = new AppRecord("app_shop", "shop", AppRecord.Chatwoot, Enabled: true, Bare);
        var form = AppForm.Of(Bare, isEnabled: true);
        form.Url = "https://chat.example/";
        Assert.Equal("token", SetupOperator.Read(former, "shop", form, new LocalesOf().Locales).Config["accountToken"]!.ToString());
        form.Url = "https://elsewhere.example";
        Assert.Contains("accountToken has to be given itself", Assert.Throws<InvalidRequestException>(() => SetupOperator.Read(former, "shop", form, new LocalesOf().Locales)).Message, StringComparison.Ordinal);
        form.AccountToken = "another";
        Assert.Equal("another", SetupOperator.Read(former, "shop", form, new LocalesOf().Locales).Config["accountToken"]!.ToString());
    }

    [Fact]
    public void Own_texts_go_through_yaml_and_back()
    {
        var config = (JsonObject)Bare.DeepClone();
        config["templates"] = new JsonObject { ["app.connected.message"] = "Hello: \"you\"\n{{{name}}}" };
        Assert.True(JsonNode.DeepEquals(config["templates"], AppForm.Of(config, isEnabled: true).Apply(config)["templates"]));
    }

    [Theory]
    [InlineData("key:\n  nested: text", "", "1", "Language overrides: these keys hold no text: key")]
    [InlineData("", "[]", "1", "Other settings: a JSON object is needed")]
    [InlineData("", "{", "1", "Other settings: this is no JSON")]
    [InlineData("", "", "one", "Account ID must be a number")]
    public void A_field_that_cannot_be_meant_is_named(string templates, string own, string account, string expected)
    {
        var form = AppForm.Of(Bare, isEnabled: true);
        (form.Templates, form.Own, form.AccountId) = (templates, own, account);
        Assert.Equal(expected, Assert.Throws<FormatException>(() => form.Apply(Bare)).Message);
    }
}
