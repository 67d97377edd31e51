using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot.Wording;

/// <summary>The renderer against the published specification, and what it does beyond that.</summary>
public sealed class MustacheTests
{
    private readonly Mustache _mustache = new();

    // Partials are another file of the specification; the two cases about them in the one on delimiters need them too, and there are none here.
    public static TheoryData<string, string> Cases => [.. new[] { "interpolation", "sections", "inverted", "comments", "delimiters" }
        .SelectMany(file => Load(file).Where(test => !test.TryGetProperty("partials", out _)).Select(test => (file, test.GetProperty("name").GetString()!)))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_case_of_the_specification_renders_as_it_says(string file, string name)
    {
        var test = Load(file).Single(t => t.GetProperty("name").GetString() == name);
        Assert.Equal(test.GetProperty("expected").GetString(), _mustache.Render(test.GetProperty("template").GetString()!, test.GetProperty("data")));
    }

    [Fact]
    public void The_specification_is_there_in_full() => Assert.Equal(122, Cases.Count);

    [Theory]
    [InlineData("0")]
    [InlineData("false")]
    [InlineData(" ")]
    public void A_text_that_is_not_empty_counts_whatever_it_says(string text) =>
        Assert.Equal($"[{text}]", _mustache.Render("{{#content}}[{{{content}}}]{{/content}}{{^content}}none{{/content}}", new { content = text }));

    [Theory]
    [InlineData("0", "F0")]
    [InlineData("7", "T7")]
    [InlineData("1.50", "T1.50")]
    [InlineData("true", "Ttrue")]
    [InlineData("false", "Ffalse")]
    [InlineData("null", "F")]
    [InlineData("\"\"", "F")]
    [InlineData("[]", "F")]
    public void Numbers_flags_and_nothing_count_as_in_javascript(string json, string expected) => Assert.Equal(
        expected, _mustache.Render("{{#v}}T{{/v}}{{^v}}F{{/v}}{{{v}}}", new JsonObject { ["v"] = JsonNode.Parse(json) }).Replace("System.Collections.Generic.List`1[System.Object]", "", StringComparison.Ordinal));

    [Fact]
    public void An_empty_object_counts() => Assert.Equal("T", _mustache.Render("{{#v}}T{{/v}}", new { v = new JsonObject() }));

    [Fact]
    public void A_property_without_a_value_hides_one_of_the_same_name_further_out() =>
        Assert.Equal("<>", _mustache.Render("{{#inner}}<{{{title}}}>{{/inner}}", new JsonObject { ["title"] = "outer", ["inner"] = new JsonObject { ["title"] = null } }));

    [Fact]
    public void Properties_lists_dictionaries_and_json_are_looked_into_alike()
    {
        var model = new
        {
            Name = "a",
            list = new[] { new { text = "b" }, new { text = "c" } },
            map = new Dictionary<string, object?> { ["x"] = 1 },
            payload = JsonNode.Parse("""{"chat":{"id":"5@c.us","tags":["d","e"],"people":[{"n":1},{"n":2}]}}"""),
        };
        Assert.Equal("a bc 1 5@c.us de 12", _mustache.Render("{{name}} {{#list}}{{text}}{{/list}} {{map.x}} {{payload.chat.id}} {{#payload.chat.tags}}{{.}}{{/payload.chat.tags}} {{#payload.chat.people}}{{n}}{{/payload.chat.people}}", model));
    }

    [Fact]
    public void What_people_wrote_is_never_taken_for_a_template() =>
        Assert.Equal("{{#secret}}x{{/secret}}", _mustache.Render("{{{text}}}", new { text = "{{#secret}}x{{/secret}}", secret = true }));

    [Fact]
    public void Two_braces_escape_what_html_gives_a_meaning_and_nothing_else() =>
        Assert.Equal("&amp;&lt;&gt;&quot;&#39; é 😀 /= &<>\"'", _mustache.Render("{{x}} é 😀 /= {{{x}}}", new { x = "&<>\"'" }));

    [Theory]
    [InlineData("{{#open}}")]
    [InlineData("{{/closed}}")]
    [InlineData("{{#a}}{{/b}}")]
    public void A_section_that_does_not_fit_together_is_refused(string template) => Assert.Throws<TemplateException>(() => _mustache.Check(template));

    private static List<JsonElement> Load(string file) => [.. Vectors.Load($"mustache/{file}.json").GetProperty("tests").EnumerateArray()];
}
