using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Config;
using Microsoft.Extensions.Time.Testing;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot.Identity;

public sealed class PictureBudgetTests
{
    [Fact]
    public void Each_session_asks_for_so_many_pictures_in_an_hour_and_no_more()
    {
        var time = new FakeTimeProvider();
        var budget = new PictureBudget(new Settings { PicturesPerHour = 2 }, time);
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => budget.Take("shop")).ToList());
        Assert.True(budget.Take("other"));
        time.Advance(TimeSpan.FromHours(1));
        Assert.True(budget.Take("shop"));
    }
}
