using System.Diagnostics;
using Footbridge.Server.Apps.Chatwoot.Convert;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot.Convert;

public sealed class WhatsAppToMarkdownTests
{
    [Theory]
    // Each mark.
    [InlineData("*bold*", "**bold**")]
    [InlineData("~gone~", "~~gone~~")]
    [InlineData("_soft_", "*soft*")]
    [InlineData("*a* _b_ ~c~", "**a** *b* ~~c~~")]
    [InlineData("*_both_*", "***both***")]
    [InlineData("a *two words* b", "a **two words** b")]
    [InlineData("(*a*)", "(**a**)")]
    [InlineData("*a*, *b*", "**a**, **b**")]
    // Shortest match, within one line.
    [InlineData("*a* b *c*", "**a** b **c**")]
    [InlineData("*a\nb*", "*a\nb*")]
    // What does not open: after a letter, digit, _ or *; before * or blank.
    [InlineData("2*3*4", "2*3*4")]
    [InlineData("a*b*", "a*b*")]
    [InlineData("_*b*", "_*b*")]
    [InlineData("_*both*_", "**both**")] // so WAHA's rules have it: the inner star does not open after _
    [InlineData("* item", "* item")]
    [InlineData("* a *", "* a *")]
    [InlineData("~ a ~", "~ a ~")]
    // What does not close: after a blank; before a letter, digit, _ or *.
    [InlineData("*a *", "*a *")]
    [InlineData("*a*b", "*a*b")]
    [InlineData("_a_1", "_a_1")]
    // Letters of any script count as letters.
    [InlineData("é*a*", "é*a*")]
    [InlineData("*a*日", "*a*日")]
    [InlineData("*привет*", "**привет**")]
    // Markdown that is there already stays.
    [InlineData("**x**", "**x**")]
    [InlineData("~~x~~", "~~x~~")]
    [InlineData("snake_case_name", "snake_case_name")]
    [InlineData("__x__", "__x__")]
    // Addresses and code stay.
    [InlineData("https://example.org/a_b_c?x=*1*&y=~2~", "https://example.org/a_b_c?x=*1*&y=~2~")]
    [InlineData("see http://example.org/_a_ *now*", "see http://example.org/_a_ **now**")]
    [InlineData("*see https://example.org/a_b now*", "**see https://example.org/a_b now**")]
    [InlineData("`*a*` *b*", "`*a*` **b**")]
    [InlineData("```\n*a*\n_b_\n``` *c*", "```\n*a*\n_b_\n``` **c**")]
    [InlineData("costs $1 $& *x*", "costs $1 $& **x**")]
    // Characters that stand for kept runs inside, and what Chatwoot's database refuses.
    [InlineData("a\uE000b *c* https://example.org", "a\uE000b **c** https://example.org")]
    [InlineData("a\0b", "ab")]
    [InlineData("", "")]
    public void A_text_becomes_markdown(string whatsApp, string markdown) => Assert.Equal(markdown, WhatsAppToMarkdown.Apply(whatsApp));

    [Theory]
    [InlineData("*a ")]
    [InlineData("_a ")]
    [InlineData("~a ")]
    [InlineData("`")]
    public void A_line_of_opening_marks_as_long_as_whatsapp_allows_takes_no_quadratic_time(string part)
    {
        // Sixteen times the text takes about sixteen times as long, and not 256: the better of three runs each, whatever else the machine does.
        var (part16, whole) = (Best(65_536 / 16), Best(65_536));
        Assert.True(whole < part16 * 80 + TimeSpan.FromMilliseconds(50), $"{part16}, {whole}");

        TimeSpan Best(int length)
        {
            var text = string.Concat(Enumerable.Repeat(part, length / part.Length));
            return Enumerable.Range(0, 3).Min(_ =>
            {
                var began = Stopwatch.GetTimestamp();
                Assert.NotEmpty(WhatsAppToMarkdown.Apply(text));
                return Stopwatch.GetElapsedTime(began);
            });
        }
    }
}
