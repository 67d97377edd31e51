using System.Text.RegularExpressions;
using Footbridge.Jobs.Redis;

namespace Footbridge.UnitTests.Jobs;

public sealed partial class RedisScriptTests
{
    [Fact]
    public void Every_script_declares_each_key_it_touches_and_names_none_itself()
    {
        foreach (var script in RedisScripts.All)
        {
            var declared = script.Keys.Select(key => $"k{char.ToUpperInvariant(key[0])}{key[1..]}").ToHashSet();
            var used = Key().Matches(script.Text).Select(match => match.Value).ToHashSet();
            Assert.Empty(used.Except(declared));
            Assert.Equal(script.Keys.Count, script.Keys.Distinct().Count());
            // A literal key would belong to no declared slot.
            Assert.DoesNotMatch(LiteralKey(), script.Text);
        }
    }

    [GeneratedRegex(@"\bk[A-Z]\w*")]
    private static partial Regex Key();

    [GeneratedRegex(@"call\('(?!TIME|PUBLISH)[A-Z]+', *'")]
    private static partial Regex LiteralKey();
}
