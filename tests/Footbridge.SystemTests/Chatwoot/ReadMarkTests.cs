using Footbridge.Protocol.Xml;
using Footbridge.Simulator.Chatwoot.Faults;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Whoever answers has read.</summary>
public sealed class ReadMarkTests : ChatwootTest
{
    [Fact]
    public async Task What_was_answered_before_the_bridge_knew_of_it_is_marked_with_the_next_answer()
    {
        var hello = await AnaWritesAsync("hello");
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Chatwoot.Faults.OnRequest = request => request.IsMessage() && request.Says("\"quick\"") ? new ChatwootFault.AnswerWhen(answered.Task) : null;
        var quick = await AnaWritesAsync("quick");
        await Chatwoot.AgentReplyAsync(quick.ConversationId, "first answer");
        await ReadAsync(hello.SourceId!);
        answered.SetResult();
        await AnaWritesAsync("thanks");
        await Chatwoot.AgentReplyAsync(quick.ConversationId, "second answer");
        await ReadAsync(quick.SourceId!);
        Assert.Single(World.WhatsApp.Recorder.Stanzas, s => s.IsFromClient && s.Node.Tag == "receipt" && s.Node["type"] == "read" && IdsOf(s.Node).Contains(hello.SourceId));
    }

    private Task ReadAsync(string waId) =>
        World.WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "receipt" && s.Node["type"] == "read" && IdsOf(s.Node).Contains(waId), Ct);

    private static IEnumerable<string?> IdsOf(Node receipt) => (receipt.Child("list")?.ChildrenOf("item").Select(item => item["id"]) ?? []).Append(receipt["id"]);
}
