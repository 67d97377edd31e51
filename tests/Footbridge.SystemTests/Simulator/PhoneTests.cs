using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Simulator;

public sealed class PhoneTests
{
    private const int Texts = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Phones_that_text_each_other_at_the_same_time_do_not_wait_for_each_other()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var whatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, ct);
        var (ana, ben) = (whatsApp.AddAccount("5511900000001", "Ana Example"), whatsApp.AddAccount("5511900000002", "Ben Example"));
        await Task.WhenAll(Task.Run(() => Write(ana, ben), ct), Task.Run(() => Write(ben, ana), ct)).WaitAsync(Patience, TimeProvider.System, ct);
        foreach (var phone in new[] { ana, ben })
        {
            Assert.Equal(Enumerable.Range(0, Texts).Select(i => $"{i}"), phone.Messages.Where(m => !m.IsFromMe).Select(m => m.Text));
        }
    }

    private static void Write(FakePhone from, FakePhone to)
    {
        for (var i = 0; i < Texts; i++) from.SendText(to.Number.User, $"{i}");
    }
}
