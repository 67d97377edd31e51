using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Config;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Every situation in which something goes wrong, and who hears of it; those of a message that fails for good are in <see cref="ErrorNoteTests"/>.</summary>
public sealed class ErrorSituationTests : PullTest
{
    private FileServer? _feed;
    private FileServer Feed => _feed ??= FileServer.StartAsync(Ct).GetAwaiter().GetResult();

    private IJobMonitor Monitor => World.Product.Services.GetRequiredService<IJobMonitor>();

    private protected override void Configure(Settings settings)
    {
        settings.PublicUrl = "https://bridge.example";
        settings.VersionFeed = new(Feed.Url, "/latest");
    }

    protected override void CleanUp() => _feed?.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Fact]
    public async Task A_try_that_failed_before_one_that_helped_is_no_news_to_agents()
    {
        var conversation = await StoppedAsync();
        await World.Product.DisposeAsync();
        World.Configure = settings =>
        {
            Configure(settings);
            settings.Jobs.BackoffDelay = TimeSpan.FromSeconds(2);
        };
        await World.StartProductAsync(Ct);
        World.PointWebhook("shop");
        await World.PostAsync("/api/sessions/shop/stop", [], 201, Ct);
        await Chatwoot.AgentReplyAsync(conversation.Id, "at the second try");
        while (await OnlyJobAsync(Queues.MessageCreated, JobState.Delayed) is not { Attempts: 1 }) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        await World.PostAsync("/api/sessions/shop/start", [], 201, Ct);
        Assert.Equal("at the second try", (await Ana.Incoming.ReadAsync(Ct)).Text);
        await AnaWritesAsync("thanks");
        Assert.DoesNotContain(Chatwoot.MessagesOf(conversation), m => m.IsPrivate);
    }

    [Fact]
    public async Task A_message_that_reached_whatsapp_after_all_marks_the_note_about_its_failure()
    {
        var conversation = await StoppedAsync();
        var answer = await Chatwoot.AgentReplyAsync(conversation.Id, "soon");
        await StatusAsync(answer, "failed");
        var note = await SaidAsync(conversation, m => m.IsPrivate);
        await World.PostAsync("/api/sessions/shop/start", [], 201, Ct);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        await Chatwoot.AgentRetryAsync(answer);
        Assert.Equal("soon", (await Ana.Incoming.ReadAsync(Ct)).Text);
        var mark = await SaidAsync(conversation, "✅ **Done after a retry**");
        Assert.Equal((true, note.Id), (mark.IsPrivate, mark.ContentAttributes["in_reply_to"]!.GetValue<long>()));
    }

    [Fact]
    public async Task A_message_from_whatsapp_that_an_operator_retries_marks_its_note_too()
    {
        var conversation = (await AnaWritesAsync("hello")).ConversationId;
        Chatwoot.Faults.OnRequest = request => request.IsMessage() && request.Says("\"refused\"") ? new ChatwootFault.Status(422) : null;
        Ana.SendText(Shop.Number.User, "refused");
        var note = await SaidAsync(Chatwoot.ConversationOf(Customer)!, m => m.IsPrivate);
        Chatwoot.Faults.OnRequest = null;
        JobSummary? job;
        while ((job = await OnlyJobAsync(Queues.MessageAny, JobState.Failed)) is null) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        Assert.True(await World.Product.Services.GetRequiredService<JobQueue>().RetryAsync(job.Id, atHead: true, Ct));
        var mark = await SaidAsync(Chatwoot.ConversationOf(Customer)!, "✅ **Done after a retry**");
        Assert.Equal((conversation, note.Id), (mark.ConversationId, mark.ContentAttributes["in_reply_to"]!.GetValue<long>()));
        await SaidAsync(Chatwoot.ConversationOf(Customer)!, m => m.Content == "refused");
    }

    [Fact]
    public async Task A_command_that_fails_answers_with_a_note_about_itself()
    {
        Chatwoot.Faults.OnRequest = request => request.IsMessage() && request.Says("Account:") ? new ChatwootFault.Status(422) : null;
        await AnaWritesAsync("hello");
        var conversation = Chatwoot.ConversationOf(Customer)!;
        var command = await Chatwoot.AgentReplyAsync(conversation.Id, "wa/status");
        var note = await SaidAsync(conversation, "No tries left");
        Assert.Equal((true, command), (note.IsPrivate, note.ContentAttributes["in_reply_to"]!.GetValue<long>()));
        Assert.StartsWith("⚠️ **Request failed with status code 422**\n❌ No tries left\nAttempt: 1 / 1\nDetails: [inbox | commands => job_", note.Content!, StringComparison.Ordinal);
        // Nothing of it went to the customer.
        await Chatwoot.AgentReplyAsync(conversation.Id, "bye");
        Assert.Equal("bye", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task A_scheduled_job_that_fails_is_told_in_the_integration_conversation()
    {
        Feed.Files["/latest"] = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await FireAsync(Queues.CheckVersion, "first");
        var note = await SaidAsync(Integration, "A scheduled job failed");
        Assert.StartsWith("⚠️ **chatwoot.scheduled | check.version: A scheduled job failed**\n❌ No tries left\nAttempt: 1 / 1\n", note.Content!, StringComparison.Ordinal);
        Assert.Contains("the list of versions answered 500", note.Content!, StringComparison.Ordinal);
        Assert.True(note.IsPrivate);
    }

    [Fact]
    public async Task W_47_only_a_newer_version_is_told_and_each_once()
    {
        var tag = "v0.0.1";
        Feed.Files["/latest"] = context => context.Response.WriteAsync($$"""{"tag_name":"{{tag}}","html_url":"https://releases.example/latest"}""");
        await FireAsync(Queues.CheckVersion, "older");
        await EndedAsync("older");
        tag = "v99.1.0";
        await FireAsync(Queues.CheckVersion, "newer");
        Assert.Matches(@"^🔄 Version \*\*99\.1\.0\*\* is out \(you run .+\)\. \[What changed\]\(https://releases\.example/latest\)$", (await SaidAsync(Integration, "is out")).Content!);
        await FireAsync(Queues.CheckVersion, "again");
        await EndedAsync("again");
        Assert.Single(Chatwoot.MessagesOf(Integration), m => m.Content?.Contains("is out", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task An_import_that_fails_tells_why_and_another_can_begin()
    {
        await GiveAsync(AnaChat, Past(AnaChat, "A", 2));
        Chatwoot.Faults.OnRequest = request => request.IsMessage() && request.Says("\"A001\"") ? new ChatwootFault.Status(401) : null;
        await CommandAsync("messages pull");
        var note = await SaidAsync(Integration, "No tries left");
        Assert.StartsWith("⚠️ **chatwoot.task | messages.pull: Request failed with status code 401**", note.Content!, StringComparison.Ordinal);
        Assert.True(note.IsPrivate);
        Chatwoot.Faults.OnRequest = null;
        await CommandAsync("messages status");
        Assert.Contains("Request failed with status code 401", (await SaidAsync(Integration, "Message import: Failed")).Content!, StringComparison.Ordinal);
        await CommandAsync("messages pull 2d");
        Assert.Equal("💬✅ all imported for 2d: 🆕 1 ☑️ 1 ⚪ 0 🔴 0", (await DoneAsync()).Content);
    }

    [Fact]
    public async Task Jobs_of_an_app_that_is_switched_off_end_without_a_word()
    {
        await AnaWritesAsync("hello");
        await World.Product.Services.GetRequiredService<JobQueue>().PauseAsync(Queues.MessageAny, Ct);
        Ana.SendText(Shop.Number.User, "nobody listens");
        while (await OnlyJobAsync(Queues.MessageAny, JobState.Paused) is null) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["enabled"] = false), 200);
        var before = Chatwoot.Store.Read((_, all) => all.Values.Sum(c => c.Messages.Count(m => m.IsPrivate)));
        await World.Product.Services.GetRequiredService<JobQueue>().ResumeAsync(Queues.MessageAny, Ct);
        JobSummary? failed;
        while ((failed = await OnlyJobAsync(Queues.MessageAny, JobState.Failed)) is null) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        Assert.Equal("app app_shop was deleted or disabled", failed.Error);
        Assert.Equal(before, Chatwoot.Store.Read((_, all) => all.Values.Sum(c => c.Messages.Count(m => m.IsPrivate))));
    }

    [Fact]
    public async Task A_report_that_chatwoot_refuses_does_not_hide_what_it_was_about()
    {
        await AnaWritesAsync("hello");
        Chatwoot.Faults.OnRequest = request => request.IsMessage() ? new ChatwootFault.Status(422) : null;
        Ana.SendText(Shop.Number.User, "refused, and the note with it");
        JobSummary? failed;
        while ((failed = await OnlyJobAsync(Queues.MessageAny, JobState.Failed)) is null) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        Assert.StartsWith("Request failed with status code 422", failed.Error, StringComparison.Ordinal);
        Assert.Contains((await Monitor.JobAsync(failed.Id, Ct))!.Log, line => line.Line.StartsWith("the note could not be written into Chatwoot", StringComparison.Ordinal));
    }

    [Fact]
    public async Task W_29_a_callback_about_a_conversation_that_fails_keeps_its_own_error()
    {
        var broken = new JobRequest("broken", Queues.ConversationCreated, "app_shop/1", "no JSON"u8.ToArray(), new JobPolicy(1, TimeSpan.FromSeconds(1)));
        await World.Product.Services.GetRequiredService<JobQueue>().EnqueueAsync(broken, Ct);
        JobDetails? job;
        while ((job = await Monitor.JobAsync("broken", Ct))?.Summary.State != JobState.Failed) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        Assert.Contains("ConversationChangedJob", job.Stack!, StringComparison.Ordinal);
        Assert.Empty(job.Log);
        Assert.DoesNotContain(Chatwoot.MessagesOf(Integration), m => m.IsPrivate);
    }

    private async Task<SimConversation> StoppedAsync()
    {
        await AnaWritesAsync("hello");
        await World.PostAsync("/api/sessions/shop/stop", [], 201, Ct);
        return Chatwoot.ConversationOf(Customer)!;
    }

    private async Task<JobSummary?> OnlyJobAsync(string queue, JobState state) => (await Monitor.JobsAsync(state, queue, 0, 1, Ct)).SingleOrDefault();

    private async Task EndedAsync(string job)
    {
        while ((await Monitor.JobAsync(job, Ct))?.Summary.State != JobState.Completed) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
    }

    /// <summary>What the clock would do.</summary>
    private async Task FireAsync(string queue, string job)
    {
        var store = World.Product.Services.GetRequiredService<IJobStore>();
        JobSchedule? schedule;
        // Schedules follow the apps a moment later, on a loop of their own.
        while ((schedule = (await store.SchedulesAsync(Ct)).Select(state => state.Schedule).FirstOrDefault(found => found.Queue == queue)) is null) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        await World.Product.Services.GetRequiredService<JobQueue>().EnqueueAsync(new(job, schedule.Queue, schedule.Lane, schedule.Payload, schedule.Policy), Ct);
    }
}
