using System.Globalization;
using System.Text.Json;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot.Wording;

/// <summary>Dates and amounts in each language, held to a table that ICU made.</summary>
public sealed class FormatsTests
{
    private static readonly string[] TwelveHours = ["en-US", "ar-AE", "bn-BD", "hi-IN", "pa-PK", "ur-PK"];

    public static TheoryData<string> Tags => [.. Vectors.Load("locale-formats.json").EnumerateObject().Where(entry => entry.Name != "comment").Select(entry => entry.Name)];

    [Fact]
    public void All_eighteen_are_in_the_table() => Assert.Equal(18, Tags.Count);

    [Theory]
    [MemberData(nameof(Tags))]
    public void Dates_are_as_icu_writes_them(string tag)
    {
        foreach (var row in Vectors.Load("locale-formats.json").GetProperty(tag).GetProperty("dates").EnumerateArray())
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(Text(row, "zone"));
            var at = DateTimeOffset.Parse(Text(row, "at"), CultureInfo.InvariantCulture);
            var local = TimeZoneInfo.ConvertTime(at, zone).DateTime;
            var date = new HumanDate(Formats.Of(tag), Style(tag), zone);
            Assert.Equal(Text(row, "full"), date.DateOf(local, withWeekday: true, withYear: true));
            Assert.Equal(Text(row, "thisYear"), date.DateOf(local, withWeekday: true, withYear: false));
            Assert.Equal(Text(row, "near"), date.DateOf(local, withWeekday: false, withYear: false));
            Assert.Equal(Text(row, "time"), date.TimeOf(at));
            var inFull = new HumanDate(Formats.Of(tag), Style(tag).With(new Dictionary<string, string> { ["month"] = "long", ["day"] = "numeric" }), zone);
            Assert.Equal(Text(row, "long"), inFull.DateOf(local, withWeekday: false, withYear: true));
        }
    }

    [Theory]
    [MemberData(nameof(Tags))]
    public void Amounts_are_as_icu_writes_them(string tag)
    {
        foreach (var row in Vectors.Load("locale-formats.json").GetProperty(tag).GetProperty("amounts").EnumerateArray())
        {
            var currency = Text(row, "currency");
            Assert.Equal(Text(row, "text"), Amount.Money(row.GetProperty("value").GetDecimal() * 100, 100, currency, Formats.Of(tag)));
        }
    }

    [Fact]
    public void A_date_of_this_year_has_no_year_and_one_of_another_has()
    {
        var (date, now) = (new HumanDate(Formats.Of("en-US"), Style("en-US"), TimeZoneInfo.Utc), new DateTimeOffset(2024, 3, 1, 12, 0, 0, TimeSpan.Zero));
        Assert.Equal("Sat, Feb 10 • 09:45 AM UTC", date.Of(new(2024, 2, 10, 9, 45, 0, TimeSpan.Zero), now, "Today", "Yesterday"));
        Assert.Equal("Sun, Dec 31, 2023 • 12:05 AM UTC", date.Of(new(2023, 12, 31, 0, 5, 0, TimeSpan.Zero), now, "Today", "Yesterday"));
        Assert.Equal("Yesterday, Feb 29 • 12:00 PM UTC", date.Of(new(2024, 2, 29, 12, 0, 0, TimeSpan.Zero), now, "Today", "Yesterday"));
        Assert.Equal("Sat, Mar 02 • 12:00 PM UTC", date.Of(new(2024, 3, 2, 12, 0, 0, TimeSpan.Zero), now, "Today", "Yesterday"));
    }

    [Fact]
    public void Parts_of_a_date_can_be_taken_away()
    {
        var style = Style("de-DE").With(new Dictionary<string, string> { ["weekday"] = "", ["timeZoneName"] = "null", ["hour"] = "numeric", ["month"] = "2-digit" });
        var at = new DateTimeOffset(2023, 2, 5, 7, 5, 0, TimeSpan.Zero);
        Assert.Equal("05.02.2023 • 7:05", new HumanDate(Formats.Of("de-DE"), style, TimeZoneInfo.Utc).Of(at, at.AddYears(1), "Heute", "Gestern"));
        Assert.Equal("05.02.2023", new HumanDate(Formats.Of("de-DE"), style.With(new Dictionary<string, string> { ["hour"] = "" }), TimeZoneInfo.Utc).Of(at, at.AddYears(1), "Heute", "Gestern"));
    }

    [Fact]
    public void An_amount_that_cannot_be_shown_as_one_is_put_behind_its_currency()
    {
        var english = Formats.Of("en-US");
        Assert.Equal("$123.45", Amount.Money(12345, 100, "usd", english));
        Assert.Equal("reais 5", Amount.Money(5, 1, "reais", english));
        Assert.Equal("USD 5", Amount.Money(5, 0, "USD", english));
        Assert.Null(Amount.Money(null, 1, "USD", english));
        Assert.Null(Amount.Money(5, 1, null, english));
    }

    [Theory]
    [InlineData("10.00:00:00", "0", "10d")]
    [InlineData("20.00:00:00", "10.00:00:00", "20d-10d")]
    [InlineData("02:00:00", "00:30:00", "2h-30m")]
    [InlineData("00:00:01.5", "0", "1500ms")]
    [InlineData("0", "0", "0ms")]
    public void A_period_is_said_in_short_units(string start, string end, string expected) =>
        Assert.Equal(expected, Amount.Period(TimeSpan.Parse(start, CultureInfo.InvariantCulture), TimeSpan.Parse(end, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("de-AT", "de-DE")]
    [InlineData("pt", "pt-BR")]
    [InlineData("tlh", "en-US")]
    public void A_language_without_formats_of_its_own_takes_those_of_its_kin(string tag, string kin) => Assert.Same(Formats.Of(kin), Formats.Of(tag));

    private static DateStyle Style(string tag) => new(new Dictionary<string, string>
    {
        ["weekday"] = "short",
        ["day"] = "2-digit",
        ["month"] = "short",
        ["year"] = "numeric",
        ["hour"] = "2-digit",
        ["minute"] = "2-digit",
        ["hour12"] = TwelveHours.Contains(tag) ? "true" : "false",
        ["timeZoneName"] = "short",
    });

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;
}
