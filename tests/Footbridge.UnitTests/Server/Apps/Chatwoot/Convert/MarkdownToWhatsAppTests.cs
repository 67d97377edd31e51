using System.Diagnostics;
using Footbridge.Server.Apps.Chatwoot.Convert;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot.Convert;

public sealed class MarkdownToWhatsAppTests
{
    [Theory]
    // Backslashes before line ends go, others stay.
    [InlineData("a\\\nb", "a\nb")]
    [InlineData("a\\\r\nb", "a\r\nb")]
    [InlineData("C:\\dir\\", "C:\\dir\\")]
    // Each mark.
    [InlineData("*soft*", "_soft_")]
    [InlineData("_soft_", "_soft_")]
    [InlineData("**bold**", "*bold*")]
    [InlineData("~~gone~~", "~gone~")]
    [InlineData("***both***", "*_both_*")]
    [InlineData("**a** *b* ~~c~~", "*a* _b_ ~c~")]
    [InlineData("**a *b* c**", "*a _b_ c*")]
    [InlineData("**a** and **b**", "*a* and *b*")]
    [InlineData("a * b * c", "a * b * c")]
    [InlineData("** a **", "** a **")]
    // Links.
    [InlineData("[the shop](https://example.org/a)", "the shop (https://example.org/a)")]
    [InlineData("[a](http://example.org) [b](https://example.org)", "a (http://example.org) b (https://example.org)")]
    [InlineData("[mail](mailto:a@example.org)", "[mail](mailto:a@example.org)")]
    [InlineData("**[a](https://example.org)**", "*a (https://example.org)*")]
    // Lists.
    [InlineData("- a\n+ b\n* c", "* a\n* b\n* c")]
    [InlineData("- **a**", "* *a*")]
    [InlineData("1 - 2", "1 - 2")]
    // Code stays, block and inline.
    [InlineData("```\n**a**\n- b\n``` **c**", "```\n**a**\n- b\n``` *c*")]
    [InlineData("`**a**` **b**", "`**a**` *b*")]
    // Addresses stay; marks around them do not belong to them.
    [InlineData("https://example.org/a_b_c", "https://example.org/a_b_c")]
    [InlineData("https://example.org/a*b*c", "https://example.org/a*b*c")]
    [InlineData("**https://example.org**", "*https://example.org*")]
    [InlineData("**https://example.org** and **b**", "*https://example.org* and *b*")]
    [InlineData("*https://example.org*", "_https://example.org_")]
    // Characters that stand for kept runs and marks inside.
    [InlineData("\uE000\uE001\uE002 **a** `b`", "\uE000\uE001\uE002 *a* `b`")]
    [InlineData("", "")]
    public void Markdown_becomes_a_text(string markdown, string whatsApp) => Assert.Equal(whatsApp, MarkdownToWhatsApp.Apply(markdown));

    [Theory]
    [InlineData("**a ")]
    [InlineData("*a ")]
    [InlineData("~~a ")]
    [InlineData("[a")]
    public void A_line_of_opening_marks_as_long_as_chatwoot_allows_takes_no_quadratic_time(string part)
    {
        // Sixteen times the text takes about sixteen times as long, and not 256: the better of three runs each, whatever else the machine does.
        var (part16, whole) = (Best(150_000 / 16), Best(150_000));
        Assert.True(whole < part16 * 80 + TimeSpan.FromMilliseconds(50), $"{part16}, {whole}");

        TimeSpan Best(int length)
        {
            var text = string.Concat(Enumerable.Repeat(part, length / part.Length));
            return Enumerable.Range(0, 3).Min(_ =>
            {
                var began = Stopwatch.GetTimestamp();
                Assert.NotEmpty(MarkdownToWhatsApp.Apply(text));
                return Stopwatch.GetElapsedTime(began);
            });
        }
    }
}
