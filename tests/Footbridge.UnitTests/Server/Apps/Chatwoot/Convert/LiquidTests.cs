using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot.Convert;

public sealed class LiquidTests
{
    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("a { b } 100 %", "a { b } 100 %")]
    [InlineData("{{contact.name}}", "{% raw %}{{contact.name}}{% endraw %}")]
    [InlineData("{% if x %}", "{% raw %}{% if x %}{% endraw %}")]
    public void Only_what_looks_like_a_template_is_wrapped(string text, string expected) => Assert.Equal(expected, Liquid.Escape(text));

    [Theory]
    [InlineData("Dear {{contact.name}}, {% if a %}b{% endif %}")]
    [InlineData("{% endraw %}{{contact.name}}")]
    [InlineData("{%- endraw -%} {{ contact.name }}")]
    public void A_wrapped_text_comes_out_as_it_was_written(string text)
    {
        var contact = new SimContact { Id = 1, Name = "Ana Example", CreatedAt = 0 };
        Assert.NotEqual(text, LiquidText.Render(text, contact));
        Assert.Equal(text, LiquidText.Render(Liquid.Escape(text), contact).Replace("\u2060", "", StringComparison.Ordinal));
    }
}
