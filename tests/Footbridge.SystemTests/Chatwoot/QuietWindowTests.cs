using Footbridge.Server.Config;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>What changes several times within the quiet window becomes one entry, and no message waits for it.</summary>
public sealed class QuietWindowTests : ChangeTest
{
    [Fact]
    public async Task Five_changes_of_a_reaction_make_one_entry_and_messages_pass_by()
    {
        await ConnectAsync();
        var hello = await AnaWritesAsync("hello");
        foreach (var emoji in new[] { "👍", "❤️", "😂", "😮", "🙏" }) Ana.React(Shop.Number.User, Anas(hello.SourceId!), emoji);
        var next = await AnaWritesAsync("next");
        var reaction = await SaidAsync(Conversation, "*Reaction* 🙏");
        Assert.True(reaction.Id > next.Id);
        Assert.Equal(["hello", "next", "*Reaction* 🙏"], Chatwoot.MessagesOf(Conversation).Select(m => m.Content));
    }

    [Fact]
    public async Task A_reaction_that_is_taken_back_at_once_never_shows()
    {
        await ConnectAsync();
        var hello = await AnaWritesAsync("hello");
        Ana.React(Shop.Number.User, Anas(hello.SourceId!), "👍");
        Ana.React(Shop.Number.User, Anas(hello.SourceId!), "");
        // The same window behind it: when this one shows, the other would have.
        Ana.React(Shop.Number.User, Anas((await AnaWritesAsync("next")).SourceId!), "❤️");
        await SaidAsync(Conversation, "*Reaction* ❤️");
        Assert.Equal(["hello", "next", "*Reaction* ❤️"], Chatwoot.MessagesOf(Conversation).Select(m => m.Content));
    }

    private protected override void Configure(Settings settings) => settings.QuietWindow = TimeSpan.FromSeconds(2);
}
