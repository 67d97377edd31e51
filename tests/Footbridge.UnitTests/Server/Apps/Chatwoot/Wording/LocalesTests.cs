using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot.Wording;

/// <summary>Which text is said: an app's own over an operator's over the product's, and English where there is none.</summary>
public sealed class LocalesTests
{
    [Fact]
    public void An_apps_text_wins_over_the_operators_and_that_over_the_built_in_one()
    {
        var locales = new LocalesOf(null, ("en-US", "app.help.reminder: ours\napp.logout.success: ours too\n"));
        var words = locales.Words("en-US", ("app.help.reminder", "the app's"));
        Assert.Equal("the app's", words.Say(Key.AppHelpReminder));
        Assert.Equal("ours too", words.Say(Key.AppLogoutSuccess));
        Assert.Equal("🔄 The settings of session **a** were changed.", words.Say(Key.AppUpdatedMessage, new { name = "a" }));
        Assert.Empty(locales.Warnings);
    }

    [Fact]
    public void A_new_language_that_lacks_keys_says_them_in_english_and_warns_once()
    {
        var locales = new LocalesOf(null, ("nl-NL", "locale.name: 🇳🇱 Nederlands (Dutch)\nlocale.base: nl-NL\napp.logout.success: Losgekoppeld.\n"));
        var words = locales.Words("nl-NL");
        Assert.Equal("Losgekoppeld.", words.Say(Key.AppLogoutSuccess));
        Assert.Equal("Send **help** for the command list.", words.Say(Key.AppHelpReminder));
        locales.Words("nl-NL");
        var lacking = Locales.English.Texts.Count - 3;
        Assert.Equal($"The language nl-NL lacks {lacking} keys, which are said in en-US: Today, Yesterday, UNKNOWN, ERROR, PENDING ...", Assert.Single(locales.Warnings));
    }

    [Fact]
    public void A_text_that_is_no_template_is_left_out_with_a_warning()
    {
        var locales = new LocalesOf(null, ("en-US", "app.help.reminder: '{{#open}}'\n"));
        Assert.Equal("Send **help** for the command list.", locales.Words("en-US").Say(Key.AppHelpReminder));
        Assert.Contains("app.help.reminder", Assert.Single(locales.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_apps_broken_text_from_before_texts_were_checked_gives_way_to_the_languages() =>
        Assert.Equal("Send **help** for the command list.", new LocalesOf().Words("en-US", ("app.help.reminder", "{{#open}}")).Say(Key.AppHelpReminder));

    [Fact]
    public void A_key_nobody_knows_is_said_as_it_is() => Assert.Equal("no.such.key", LocalesOf.English.Say("no.such.key"));

    [Theory]
    [InlineData("a\n", "a")]
    [InlineData("a\n\n", "a\n")]
    [InlineData("a", "a")]
    [InlineData("{{{x}}}\n", "line\n")]
    public void One_line_end_is_taken_off_and_no_more(string template, string expected) =>
        Assert.Equal(expected, new LocalesOf().Words("en-US", ("k", template)).Say("k", new { x = "line\n" }));

    [Fact]
    public void A_language_that_is_gone_is_english_and_told_of_once()
    {
        var locales = new LocalesOf();
        Assert.Equal("Send **help** for the command list.", locales.Words("tlh").Say(Key.AppHelpReminder));
        locales.Words("tlh");
        Assert.Equal("An app uses the language tlh, which is not there any more; en-US is used", Assert.Single(locales.Warnings));
    }

    [Fact]
    public void An_app_with_a_language_nobody_has_or_a_text_that_is_no_template_is_refused()
    {
        var locales = new LocalesOf().Locales;
        locales.Check(LocalesOf.Config("en-US", ("message.from.api", "{{{text}}}")));
        Assert.Contains("'tlh' is not available", Assert.Throws<RuleException>(() => locales.Check(LocalesOf.Config("tlh"))).Message, StringComparison.Ordinal);
        var refused = Assert.Throws<InvalidRequestException>(() => locales.Check(LocalesOf.Config("en-US", ("message.from.api", "{{#text}}"))));
        Assert.StartsWith("templates.message.from.api is not a template: ", refused.Messages[0], StringComparison.Ordinal);
    }

    [Fact]
    public void English_portuguese_and_spanish_stand_first_and_the_rest_by_code()
    {
        var codes = new LocalesOf(null, ("aa-AA", "locale.name: First by code\n"), ("es-ES", "Today: Hoy\n"), ("pt-BR", "Today: Hoje\n")).Locales.All.Select(locale => locale.Code).ToList();
        Assert.Equal(["en-US", "pt-BR", "es-ES", "aa-AA"], codes.Take(4));
        Assert.Equal(codes.Skip(3).Order(StringComparer.Ordinal), codes.Skip(3));
    }

    [Fact]
    public void Dates_are_shown_in_the_languages_zone_and_today_is_decided_there()
    {
        // In New York it is still the 9th, on the server the 10th already.
        var time = new FakeTimeProvider(new(2024, 2, 10, 4, 30, 0, TimeSpan.Zero));
        var locales = new LocalesOf(time, ("en-US", "datetime:\n  timeZone: America/New_York\n"));
        Assert.Equal("Today, Feb 09 • 09:45 AM EST", locales.Words("en-US").Date(new DateTimeOffset(2024, 2, 9, 14, 45, 0, TimeSpan.Zero)));
        Assert.Equal("Yesterday, Feb 08 • 11:30 PM EST", locales.Words("en-US").Date(new DateTimeOffset(2024, 2, 9, 4, 30, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void Without_a_zone_of_the_language_dates_are_in_the_servers_and_an_unknown_one_is_told()
    {
        var time = new FakeTimeProvider(new(2024, 7, 10, 12, 0, 0, TimeSpan.Zero));
        time.SetLocalTimeZone(TimeZoneInfo.FindSystemTimeZoneById("America/New_York"));
        var locales = new LocalesOf(time, ("en-US", "datetime:\n  timezone: Middle/Earth\n"));
        Assert.Equal("Mon, Jan 02, 2023 • 03:04 AM EST", locales.Words("en-US").Date(new DateTimeOffset(2023, 1, 2, 8, 4, 0, TimeSpan.Zero)));
        Assert.Equal("Today, Jul 10 • 07:00 AM EDT", locales.Words("en-US").Date(new DateTimeOffset(2024, 7, 10, 11, 0, 0, TimeSpan.Zero)));
        Assert.Contains("Middle/Earth", Assert.Single(locales.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1707576300", "2024-02-10T14:45:00Z")]
    [InlineData("\"1707576300\"", "2024-02-10T14:45:00Z")]
    [InlineData("1707576300000", "2024-02-10T14:45:00Z")]
    [InlineData("1707576300.5", "2024-02-10T14:45:00.5Z")]
    [InlineData("999999999999", null)]
    [InlineData("1e300", null)]
    [InlineData("-1", null)]
    [InlineData("\"soon\"", null)]
    [InlineData("null", null)]
    public void A_time_may_be_seconds_or_milliseconds_as_number_or_text(string json, string? expected) => Assert.Equal(
        expected is null ? null : DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
        Words.Moment(System.Text.Json.Nodes.JsonNode.Parse(json)));

    [Fact]
    public void A_file_that_is_no_list_of_keys_is_refused_with_its_line()
    {
        Assert.StartsWith("line 2:", Assert.Throws<FormatException>(() => LocaleFile.Read(new StringReader("a: b\na: c\n"))).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => LocaleFile.Read(new StringReader("- a\n- b\n")));
        Assert.Throws<FormatException>(() => LocaleFile.Read(new StringReader("")));
        Assert.Equal(["list"], LocaleFile.Read(new StringReader("list: [a]\nx: No\n")).Ignored);
    }
}
