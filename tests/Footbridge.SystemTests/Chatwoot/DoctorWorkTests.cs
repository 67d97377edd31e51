using System.Text.Json.Nodes;
using Footbridge.Engine;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.Reconcile;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.SystemTests.Dashboard;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>The doctor looks at messages on their way, and at the connection they take: each is held up, found with its repair, and found well again.</summary>
public sealed class DoctorWorkTests : DoctorTest
{
    private static readonly Dictionary<string, DoctorCase<DoctorWorkTests>> Cases = new()
    {
        ["rate-limit"] = new(t => t.RefuseOnceAsync(), "Chatwoot has refused requests", "RACK_ATTACK_ALLOWED_IPS", t => t.PassAsync(TimeSpan.FromMinutes(11))),
        ["liveness"] = new(t => t.GarbleAsync(), "in doubt (messages of several people", "heals by itself", t => t.ReadAgainAsync()),
        ["proxy"] = new(t => t.UseProxyAsync("127.0.0.1:1"), "nobody answers at http://127.0.0.1:1", "See that the proxy runs", t => t.UseOwnProxyAsync()),
        ["waiting-jobs"] = new(t => t.HoldAsync(), "1, the oldest for 36", "Lanes", t => t.ReleaseAsync()),
        ["failed-jobs"] = new(t => t.FailAsync(), "1 of whatsapp | message.any", "/jobs/", t => t.RetryAsync()),
        ["dropped"] = new(t => t.FailAsync(), "1 in the last 7 days", "/jobs/reconciliation", t => t.RetryAsync()),
        ["quarantine"] = new(t => t.DoubtAsync(), "1, with those behind them", "Merge the contacts", t => t.MergeAsync()),
        ["missing"] = new(t => t.ForgetAsync(), "1 in the last 7 days", "enqueued again", t => t.RememberAsync()),
        ["comparison: that stands still"] = new(t => t.PassedAsync(TimeSpan.FromHours(-1), null), "stands still, for 60 minutes", "Restart this server", t => t.PassedAsync(TimeSpan.Zero, null)),
        ["comparison: that does not get through"] = new(t => t.PassedAsync(TimeSpan.Zero, "Chatwoot answered 503"), "Chatwoot answered 503", "address and token", t => t.PassedAsync(TimeSpan.Zero, ReconcilePass.OverBudget)),
    };

    private readonly ShiftedTime _time = new();
    private TestProxy? _proxy;
    private string _written = "";
    private (SimContact One, SimContact Two) _candidates;

    public static TheoryData<string> Names => [.. Cases.Keys];

    protected override TimeProvider Time => _time;

    private JobQueue Queue => World.Part<JobQueue>();

    protected override void CleanUp() => _proxy?.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Theory]
    [MemberData(nameof(Names))]
    public Task What_is_broken_is_found_with_its_repair_and_well_again_after_it(string check) => IsFoundAndMendedAsync(check, Cases[check]);

    /// <summary>One request meets Chatwoot's limit.</summary>
    private async Task RefuseOnceAsync()
    {
        Chatwoot.Faults.Down = new ChatwootFault.Status(429);
        await LookAsync("GET", "reachable");
        Chatwoot.Faults.Down = null;
    }

    private Task PassAsync(TimeSpan time)
    {
        _time.Offset += time;
        return Task.CompletedTask;
    }

    /// <summary>What three people write cannot be read, and they do not hear of it.</summary>
    private async Task GarbleAsync()
    {
        FakePhone[] people = [Ana, World.WhatsApp.AddAccount("5511900000002", "Bia"), World.WhatsApp.AddAccount("5511900000003", "Caio")];
        foreach (var person in people) await ArrivedAsync(person.SendText(Shop.Number.User, "fine"));
        World.WhatsApp.Faults.FromClient = (_, node) => node.Tag == "receipt" && node["type"] == "retry" ? new Fault.Drop() : null;
        foreach (var person in people)
        {
            person.ForgetSessionsWith(Shop.Number.User, breakInsteadOfForget: true);
            for (var i = 0; i < 3; i++) person.SendText(Shop.Number.User, $"unreadable {i}");
        }

        while (World.Part<SessionRegistry>().Find("shop")!.Client.Liveness.Step == LivenessStep.Proven) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
    }

    private async Task ReadAgainAsync()
    {
        World.WhatsApp.Faults.FromClient = null;
        Ana.ForgetSessionsWith(Shop.Number.User);
        await AnaWritesAsync("readable again");
    }

    private Task UseProxyAsync(string server) =>
        CallAsync("PUT", "/api/sessions/shop", new JsonObject { ["config"] = new JsonObject { ["proxy"] = new JsonObject { ["server"] = server } } }, 200);

    private async Task UseOwnProxyAsync()
    {
        _proxy = TestProxy.Start();
        await UseProxyAsync($"127.0.0.1:{_proxy.Port}");
        await World.WaitStatusAsync("shop", "WORKING", Ct);
    }

    /// <summary>Chatwoot asks to wait with a message for two hours, and another waits behind it for one.</summary>
    private async Task HoldAsync()
    {
        Chatwoot.Faults.OnRequest = request => request.Method == "POST" && request.Path.Value!.EndsWith("/contacts", StringComparison.Ordinal) ? new ChatwootFault.Status(503, RetryAfterSeconds: 7200) : null;
        Ana.SendText(Shop.Number.User, "first");
        await World.JobsAsync(JobState.Delayed, Queues.MessageAny, 1, Ct);
        _written = Ana.SendText(Shop.Number.User, "second");
        await World.JobsAsync(JobState.Waiting, Queues.MessageAny, 1, Ct);
        _time.Offset += TimeSpan.FromHours(1);
    }

    private async Task ReleaseAsync()
    {
        Chatwoot.Faults.OnRequest = null;
        await Queue.PromoteAsync((await World.JobsAsync(JobState.Delayed, Queues.MessageAny, 1, Ct))[0].Id, Ct);
        await ArrivedAsync(_written);
        await World.PendingAsync(0, Ct);
    }

    /// <summary>Chatwoot takes no new contact, however often it is tried.</summary>
    private async Task FailAsync()
    {
        Chatwoot.Faults.OnRequest = request => request.Method == "POST" && request.Path.Value!.EndsWith("/contacts", StringComparison.Ordinal) ? new ChatwootFault.Status(422) : null;
        _written = Ana.SendText(Shop.Number.User, "hello");
        await World.JobsAsync(JobState.Failed, Queues.MessageAny, 1, Ct);
        await World.Part<Settlements>().FlushAsync();
    }

    private async Task RetryAsync()
    {
        Chatwoot.Faults.OnRequest = null;
        var failed = (await World.JobsAsync(JobState.Failed, Queues.MessageAny, 1, Ct))[0];
        await Queue.RetryAsync(failed.Id, atHead: false, Ct);
        await ArrivedAsync(_written);
        await World.JobsAsync(JobState.Failed, Queues.MessageAny, 0, Ct);
        await World.Part<Settlements>().FlushAsync();
    }

    private async Task DoubtAsync()
    {
        SimContact Made(string name, string field, string value) => Chatwoot.Store.UpsertContact(Inbox, new() { ["name"] = name, [field] = value }).Contact;
        _candidates = (Made("By number", "phone_number", "+" + Customer), Made("By id", "identifier", Ana.Lid.ToString()));
        _written = Ana.SendText(Shop.Number.User, "hello");
        await World.JobsAsync(JobState.Delayed, Queues.MessageAny, 1, Ct);
    }

    private Task MergeAsync()
    {
        Chatwoot.Store.Merge(_candidates.One, _candidates.Two);
        return ArrivedAsync(_written);
    }

    /// <summary>The broker has lost a message that waited in it.</summary>
    private async Task ForgetAsync()
    {
        await Queue.PauseAsync(Queues.MessageAny, Ct);
        _written = Ana.SendText(Shop.Number.User, "hello");
        await World.PendingAsync(1, Ct);
        await World.WipeAsync(Ct);
        _time.Offset += TimeSpan.FromSeconds(6);
    }

    private async Task RememberAsync()
    {
        await Queue.ResumeAsync(Queues.MessageAny, Ct);
        await World.Part<LedgerReconciler>().PassAsync(TimeSpan.Zero, Ct);
        await ArrivedAsync(_written);
        await World.PendingAsync(0, Ct);
    }

    private Task PassedAsync(TimeSpan ago, string? error)
    {
        World.Part<LastPasses>().Keep("app_shop", new(_time.GetUtcNow() + ago, 0, 0, 0, error));
        return Task.CompletedTask;
    }
}
