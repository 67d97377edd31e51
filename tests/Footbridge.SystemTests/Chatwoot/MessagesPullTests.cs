using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;
using Microsoft.AspNetCore.Http;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Messages of the past, imported when an agent asks for them.</summary>
public sealed class MessagesPullTests : PullTest
{
    [Fact]
    public async Task All_chats_of_the_period_come_in_order_with_their_dates_and_counts()
    {
        await GiveAsync(AnaChat, Past(AnaChat, "A", 6));
        await GiveAsync(BeaChat, [PhoneHistory.Text(BeaChat, "B0", false, Now - (5 * 86_400), "long ago", "Bea"), .. Past(BeaChat, "B", 2)]);
        await CommandAsync("messages pull");
        Assert.Equal(SimMessageType.Activity, (await SaidAsync(Integration, "See `messages status`")).Type);
        Assert.Equal("💬⏳ Importing all for 1d", (await SaidAsync(Integration, "Importing all")).Content);
        Assert.Equal("💬✅ all imported for 1d: 🆕 8 ☑️ 0 ⚪ 0 🔴 0", (await DoneAsync()).Content);
        var conversation = Chatwoot.ConversationOf(Customer)!;
        Assert.Equal(["A000", "A001", "A002", "A003", "A004", "A005"], ImportedInto(conversation));
        Assert.Equal(["B000", "B001"], ImportedInto(Chatwoot.ConversationOf(BeaChat.User)!));
        var first = Chatwoot.MessagesOf(conversation)[0];
        Assert.Matches(@"^old A 0\n`📥 🗓️ .+`$", first.Content!);
        Assert.Equal((SimMessageType.Incoming, SimMessageType.Outgoing), (first.Type, Chatwoot.MessagesOf(conversation)[2].Type));
    }

    [Fact]
    public async Task A_second_import_doubles_nothing_unless_it_is_to()
    {
        await GiveAsync(AnaChat, Past(AnaChat, "A", 3));
        await CommandAsync("messages pull 1d");
        await DoneAsync();
        await CommandAsync("messages pull 2d");
        Assert.Equal("💬✅ all imported for 2d: 🆕 0 ☑️ 3 ⚪ 0 🔴 0", (await SaidAsync(Integration, "imported for 2d")).Content);
        Assert.Equal(3, ImportedInto(Chatwoot.ConversationOf(Customer)!).Count);
        await CommandAsync("messages pull 3d --force");
        Assert.Equal("💬✅ all imported for 3d: 🆕 3 ☑️ 0 ⚪ 0 🔴 0", (await SaidAsync(Integration, "imported for 3d")).Content);
        Assert.Equal(6, ImportedInto(Chatwoot.ConversationOf(Customer)!).Count);
    }

    [Fact]
    public async Task In_a_customers_conversation_only_that_chat_is_imported_and_only_notes_tell_of_it()
    {
        await GiveAsync(AnaChat, Past(AnaChat, "A", 2));
        await GiveAsync(BeaChat, Past(BeaChat, "B", 2));
        var conversation = Chatwoot.ConversationOf((await AnaWritesAsync("hello")).ConversationId is var _ ? Customer : "")!;
        await CommandAsync("wa/messages pull 10d", conversation);
        await SaidAsync(conversation, "See `wa/messages status`");
        await SaidAsync(conversation, "imported for 10d");
        Assert.Equal(2, ImportedInto(conversation).Count(id => id.StartsWith('A')));
        Assert.Null(Chatwoot.ConversationOf(BeaChat.User));
        await CommandAsync("wa/messages status", conversation);
        var status = await SaidAsync(conversation, "Message import: Completed");
        Assert.Equal((true, SimMessageType.Outgoing), (status.IsPrivate, status.Type));
        Assert.Contains("- Period: 10d\n- 🆕 Imported: 2\n- ☑️ Already here: 1\n", status.Content!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_one_import_runs_and_it_can_be_stopped_where_it_is()
    {
        await GiveAsync(AnaChat, Past(AnaChat, "A", 5));
        var (held, go) = HoldAt("A002");
        await CommandAsync("messages pull");
        await held.WaitAsync(Ct);
        await CommandAsync("messages pull 5d");
        await SaidAsync(Integration, "⏳ A pull for **all** is still running");
        await CommandAsync("messages status");
        Assert.Contains("Message import: Running", (await SaidAsync(Integration, "Message import")).Content!, StringComparison.Ordinal);
        await CommandAsync("messages cancel");
        await SaidAsync(Integration, "⏹️ The import is being stopped.");
        go.SetResult();
        await CommandAsync("messages cancel");
        await SaidAsync(Integration, "ℹ️ No import is running.");
        await CommandAsync("messages pull 7d");
        await SaidAsync(Integration, "imported for 7d");
        Assert.Equal(["A000", "A001", "A002", "A003", "A004"], ImportedInto(Chatwoot.ConversationOf(Customer)!));
    }

    [Fact]
    public async Task W_23_a_live_message_that_comes_in_the_middle_stands_behind_the_past_of_its_chat_and_does_not_wait_for_that_of_others()
    {
        await GiveAsync(AnaChat, Past(AnaChat, "A", 5));
        var bea = World.WhatsApp.AddAccount(BeaChat.User, "Bea Example");
        var (held, go) = HoldAt("A002");
        await CommandAsync("messages pull");
        await held.WaitAsync(Ct);
        var live = Ana.SendText(Shop.Number.User, "now");
        var other = bea.SendText(Shop.Number.User, "me too");
        await ArrivedAsync(other);
        go.SetResult();
        await ArrivedAsync(live);
        Assert.Equal(["A000", "A001", "A002", "A003", "A004", live], ImportedInto(Chatwoot.ConversationOf(Customer)!));
    }

    [Fact]
    public async Task W_14_an_import_that_is_cut_off_between_chatwoot_and_its_own_record_goes_on_there_and_doubles_nothing()
    {
        await GiveAsync(AnaChat, Past(AnaChat, "A", 8));
        // The post is done and its answer never comes: the process ends meanwhile.
        var (held, _) = HoldAt("A004");
        await CommandAsync("messages pull");
        await held.WaitAsync(Ct);
        await World.Product.DisposeAsync();
        Chatwoot.Faults.OnRequest = null;
        await World.StartProductAsync(Ct);
        World.PointWebhook("shop");
        await DoneAsync();
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"A00{i}"), ImportedInto(Chatwoot.ConversationOf(Customer)!));
        Assert.Single(Chatwoot.MessagesOf(Integration), m => m.Content?.Contains("Importing all", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_chatwoot_that_is_away_in_the_middle_is_waited_for()
    {
        await GiveAsync(AnaChat, Past(AnaChat, "A", 4));
        var posts = 0;
        Chatwoot.Faults.OnRequest = request => request.Method == "POST" && request.Path.Value!.EndsWith("/messages", StringComparison.Ordinal)
            ? Interlocked.Increment(ref posts) switch { 4 => new ChatwootFault.ResetAfterCommit(), 5 or 6 or 7 => new ChatwootFault.Status(503), _ => null }
            : null;
        await CommandAsync("messages pull");
        await DoneAsync();
        Assert.Equal(["A000", "A001", "A002", "A003"], ImportedInto(Chatwoot.ConversationOf(Customer)!));
    }

    [Fact]
    public async Task A_message_that_chatwoot_refuses_is_counted_and_the_others_come()
    {
        await GiveAsync(AnaChat, Past(AnaChat, "A", 3));
        Chatwoot.Faults.OnRequest = request => PostOf(request, "A001") ? new ChatwootFault.Status(422) : null;
        await CommandAsync("messages pull");
        Assert.Equal("💬✅ all imported for 1d: 🆕 2 ☑️ 0 ⚪ 0 🔴 1", (await DoneAsync()).Content);
        Assert.Equal(["A000", "A002"], ImportedInto(Chatwoot.ConversationOf(Customer)!));
    }

    [Fact]
    public async Task Progress_is_told_every_so_many_messages_and_conversations_are_resolved_at_the_end()
    {
        await GiveAsync(AnaChat, Past(AnaChat, "A", 4));
        await CommandAsync("messages pull -p 2 --rc");
        await DoneAsync();
        Assert.Equal(2, Chatwoot.MessagesOf(Integration).Count(m => m.Content?.StartsWith("💬⏳ all (1 / 1): 🆕", StringComparison.Ordinal) == true));
        await Chatwoot.Store.WaitAsync(() => Chatwoot.ConversationOf(Customer)!.Status == "resolved", Ct);
        await CommandAsync("messages status");
        Assert.Contains("- Conversations resolved: 1, failed: 0", (await SaidAsync(Integration, "Message import")).Content!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_counts_and_writes_nothing()
    {
        await GiveAsync(AnaChat, Past(AnaChat, "A", 4));
        await CommandAsync("messages pull 2d --dry-run");
        Assert.Equal("🔎 For 2d: 1 chats, 4 messages, 0 of them here already. Nothing was imported.", (await SaidAsync(Integration, "🔎")).Content);
        Assert.Null(Chatwoot.ConversationOf(Customer));
    }

    [Fact]
    public async Task Older_messages_are_asked_of_the_phone_when_that_is_wanted()
    {
        Shop.History.Older[AnaChat] = [.. Enumerable.Range(0, 120).Select(i => PhoneHistory.Text(AnaChat, $"O{i:D3}", false, Now - (9 * 86_400) + i, $"older {i}")), .. Past(AnaChat, "A", 2)];
        await GiveAsync(AnaChat, Past(AnaChat, "A", 2));
        await CommandAsync("messages pull 10d --older");
        Assert.Equal("💬✅ all imported for 10d: 🆕 122 ☑️ 0 ⚪ 0 🔴 0", (await DoneAsync()).Content);
        Assert.Equal(["O000", "O001"], ImportedInto(Chatwoot.ConversationOf(Customer)!).Take(2));
    }

    [Fact]
    public async Task Without_chats_in_the_period_and_without_an_import_that_is_said()
    {
        await CommandAsync("messages status");
        await SaidAsync(Integration, "ℹ️ No message pull so far");
        await GiveAsync(AnaChat, Past(AnaChat, "A", 1));
        await CommandAsync("messages pull 1m");
        await SaidAsync(Integration, "No chats in that period");
        await CommandAsync("messages pull 1d -c 5599999999999@c.us");
        await Chatwoot.Store.WaitAsync(() => Integration.Messages.Count(m => m.Content == "No chats in that period") == 2, Ct);
    }

    [Fact]
    public async Task Live_messages_are_held_only_where_queue_commands_are_allowed()
    {
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["config"]!["commands"] = new JsonObject { ["queue"] = false }), 200);
        await GiveAsync(AnaChat, Past(AnaChat, "A", 1));
        await CommandAsync("messages pull --pause");
        await SaidAsync(Integration, "⛔ `--pause` needs queue commands");
        await CommandAsync("messages status");
        await SaidAsync(Integration, "ℹ️ No message pull so far");
    }

    /// <summary>Holds Chatwoot's answer to the post of one message, which it has taken.</summary>
    private (Task Held, TaskCompletionSource Go) HoldAt(string waId)
    {
        var (held, go) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Chatwoot.Faults.OnRequest = request =>
        {
            if (!PostOf(request, waId)) return null;
            held.TrySetResult();
            return new ChatwootFault.AnswerWhen(go.Task);
        };
        return (held.Task, go);
    }

    private static bool PostOf(HttpRequest request, string waId) => request.IsMessage() && request.Says($"\"{waId}\"");
}
