using Footbridge.Server.Config;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>What an agent sees when something could not be done, and what uses up tries.</summary>
public sealed class ErrorNoteTests : ChatwootTest
{
    private protected override void Configure(Settings settings) => settings.PublicUrl = "https://bridge.example";

    [Fact]
    public async Task The_note_after_the_last_try_names_try_job_and_cause_and_quotes_the_message()
    {
        var conversation = await StoppedAsync();
        var answer = await Chatwoot.AgentReplyAsync(conversation.Id, "are you there?");
        await StatusAsync(answer, "failed");
        var note = await SaidAsync(conversation, m => m.IsPrivate);
        Assert.Equal((SimMessageType.Outgoing, answer), (note.Type, note.ContentAttributes["in_reply_to"]!.GetValue<long>()));
        var job = System.Text.RegularExpressions.Regex.Match(note.Content!, "=> (job_[0-9a-z]{26})]").Groups[1].Value;
        Assert.Equal(
            $$"""
            ⚠️ **The message could not be sent to WhatsApp.**
            ❌ No tries left
            Attempt: 3 / 3
            Details: [inbox | message_created => {{job}}](https://bridge.example/jobs/queue/chatwoot.inbox%20%7C%20message_created/{{job}})

            ```
            API Error: Session status is not as expected. Try again later or restart the session
            Data: {
              "error": "Session status is not as expected. Try again later or restart the session",
              "session": "shop",
              "status": "STOPPED",
              "expected": [
                "WORKING"
              ]
            }
            ```
            """,
            note.Content);
        Assert.Equal("The session shop is not connected (STOPPED). Send status to the integration, then press retry at the message.", Chatwoot.Store.FindMessage(answer)!.ContentAttributes["external_error"]!.ToString());
        using var link = await World.Api.GetAsync(new Uri($"/jobs/queue/chatwoot.inbox%20%7C%20message_created/{job}", UriKind.Relative), Ct);
        Assert.Equal(200, (int)link.StatusCode);
        Assert.Single(conversation.Messages, m => m.IsPrivate);
    }

    [Fact]
    public async Task The_failed_mark_coming_back_as_a_callback_sends_nothing()
    {
        var conversation = await StoppedAsync();
        var answer = await Chatwoot.AgentReplyAsync(conversation.Id, "lost for now");
        await StatusAsync(answer, "failed");
        await Chatwoot.Store.WaitAsync(() => Chatwoot.Webhooks.Deliveries.Any(d => d.Event == "message_updated" && d.Body["content_attributes"]!["external_error"] is not null), Ct);
        await World.PostAsync("/api/sessions/shop/start", [], 201, Ct);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        await Chatwoot.AgentReplyAsync(conversation.Id, "the next one");
        Assert.Equal("the next one", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task A_note_that_chatwoot_cannot_take_is_written_when_it_is_back()
    {
        var conversation = await StoppedAsync();
        var noted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var tries = 0;
        Chatwoot.Faults.OnRequest = request =>
        {
            // The note's own look back and post: refused more often than a job has tries.
            if (Interlocked.Increment(ref tries) > 4) noted.TrySetResult();
            return tries > 4 ? null : new ChatwootFault.Status(503);
        };
        var answer = await Chatwoot.AgentReplyAsync(conversation.Id, "nobody home");
        await noted.Task.WaitAsync(Ct);
        await StatusAsync(answer, "failed");
        Assert.Single(conversation.Messages, m => m.IsPrivate);
    }

    [Fact]
    public async Task A_message_shows_its_failure_also_where_the_note_about_it_is_refused()
    {
        var conversation = await StoppedAsync();
        Chatwoot.Faults.OnRequest = request => request.Method == "POST" ? new ChatwootFault.Status(422) : null;
        var answer = await Chatwoot.AgentReplyAsync(conversation.Id, "are you there?");
        await StatusAsync(answer, "failed");
        Assert.StartsWith("The session shop is not connected", Chatwoot.Store.FindMessage(answer)!.ContentAttributes["external_error"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_chatwoot_refuses_for_good_is_reported_with_its_answer_in_the_chats_conversation()
    {
        var conversation = (await AnaWritesAsync("hello")).ConversationId;
        var posts = 0;
        Chatwoot.Faults.OnRequest = request => request.Method == "POST" && Interlocked.Increment(ref posts) == 1 ? new ChatwootFault.Status(422) : null;
        Ana.SendText(Shop.Number.User, "refused");
        var note = await SaidAsync(Chatwoot.ConversationOf(Customer)!, m => m.IsPrivate);
        Assert.Equal((conversation, SimMessageType.Incoming), (note.ConversationId, note.Type));
        Assert.StartsWith("⚠️ **A WhatsApp message could not be delivered here.**\n❌ No tries left\nAttempt: 1 / 3\nDetails: [whatsapp | message.any => job_", note.Content!, StringComparison.Ordinal);
        Assert.EndsWith("```\nChatWoot API Error: Request failed with status code 422\nStatus: 422\nBody: {\n  \"error\": \"injected\"\n}\n```", note.Content!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, 1)]
    [InlineData(429, null)]
    [InlineData(500, null)]
    [InlineData(502, null)]
    [InlineData(503, null)]
    [InlineData(504, null)]
    public async Task A_chatwoot_that_is_away_or_asks_to_wait_uses_up_no_try(int status, int? retryAfter)
    {
        await AnaWritesAsync("first");
        var refused = 0;
        // More often than there are tries.
        Chatwoot.Faults.OnRequest = request => request.Method == "POST" && Interlocked.Increment(ref refused) <= (retryAfter is null ? 5 : 1) ? new ChatwootFault.Status(status, retryAfter) : null;
        await AnaWritesAsync("second");
        Assert.True(refused > (retryAfter is null ? 5 : 1));
        Assert.DoesNotContain(Chatwoot.MessagesOf(Chatwoot.ConversationOf(Customer)!), m => m.IsPrivate);
    }

    [Fact]
    public async Task A_chatwoot_that_does_not_answer_in_time_uses_up_no_try_and_gets_nothing_twice()
    {
        await AnaWritesAsync("first");
        await World.Product.DisposeAsync();
        World.Configure = settings => settings.ChatwootTimeout = TimeSpan.FromMilliseconds(400);
        await World.StartProductAsync(Ct);
        World.PointWebhook("shop");
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        var (never, held) = (new TaskCompletionSource(), 0);
        Chatwoot.Faults.OnRequest = request => request.Path.Value!.EndsWith($"/{Chatwoot.ConversationOf(Customer)!.Id}/messages", StringComparison.Ordinal) && Interlocked.Increment(ref held) <= 5
            ? new ChatwootFault.AnswerWhen(never.Task) : null;
        Ana.SendText(Shop.Number.User, "second");
        await AnaWritesAsync("third");
        never.SetResult();
        Assert.True(held > 5);
        var messages = Chatwoot.MessagesOf(Chatwoot.ConversationOf(Customer)!);
        Assert.Equal(["first", "second", "third"], messages.Select(m => m.Content));
    }

    [Fact]
    public async Task A_connection_that_breaks_after_the_write_doubles_nothing()
    {
        await AnaWritesAsync("first");
        var broken = 0;
        Chatwoot.Faults.OnRequest = request => request.Method == "POST" && Interlocked.Increment(ref broken) <= 2 ? new ChatwootFault.ResetAfterCommit() : null;
        await AnaWritesAsync("second");
        await AnaWritesAsync("third");
        var incoming = Chatwoot.MessagesOf(Chatwoot.ConversationOf(Customer)!).Where(m => m.Type == SimMessageType.Incoming).Select(m => m.Content);
        Assert.Equal(["first", "second", "third"], incoming);
    }

    /// <summary>A conversation with Ana while the session is stopped.</summary>
    private async Task<SimConversation> StoppedAsync()
    {
        await AnaWritesAsync("hello");
        await World.PostAsync("/api/sessions/shop/stop", [], 201, Ct);
        return Chatwoot.ConversationOf(Customer)!;
    }
}
