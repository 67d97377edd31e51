using System.Security.Cryptography;
using Footbridge.Server.Config;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Messages that arrive long after they were written: every one here is one.</summary>
public sealed class DateLineTests : ChatwootTest
{
    [Fact]
    public async Task W_40_a_file_without_a_text_says_when_it_was_sent_as_a_text_does()
    {
        var text = await AnaWritesAsync("late");
        Assert.Matches(@"^late\n`🗓️ Today, .+`$", text.Content);
        var file = await ArrivedAsync(Ana.Media.SendImage(Shop.Number.User, RandomNumberGenerator.GetBytes(100)));
        Assert.Matches("^`🗓️ Today, .+`$", file.Content);
        Assert.Single(file.Files);
    }

    [Fact]
    public async Task Chatwoot_is_told_when_a_message_was_written()
    {
        var shown = await AnaWritesAsync("late");
        var sent = Chatwoot.Requests.Entries.Last(request => request.Body?["source_id"]?.ToString() == shown.SourceId);
        Assert.InRange(sent.Body!["external_created_at"]!.GetValue<long>(), shown.CreatedAt - 60, shown.CreatedAt + 1);
    }

    private protected override void Configure(Settings settings) => settings.DateLineAfter = TimeSpan.FromSeconds(-5);
}
