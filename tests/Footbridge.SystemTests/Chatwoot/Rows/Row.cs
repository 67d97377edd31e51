using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.SystemTests.Dashboard;

namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>What people and agents can do in a row. Each step completes when its effect is there.</summary>
internal sealed class Row(RowWorld home, CancellationToken ct)
{
    private const string LastCommand = "finished";
    private readonly long _before = home.World.Chatwoot.Store.Read((_, all) => all.Values.SelectMany(c => c.Messages).Select(m => m.Id).DefaultIfEmpty().Max());

    public World World => home.World;

    public ChatwootSimulator Chatwoot => home.World.Chatwoot;

    public FakePhone Shop => home.Shop;

    public FakePhone Ana => home.Ana;

    public FakePhone Ben => home.Ben;

    /// <summary>The phones of which is looked at what they get; those that are added have had nothing before the row.</summary>
    public List<FakePhone> Watched { get; } = [home.Ana];

    public Jid Group => home.Group;

    public Jid Channel => home.Channel;

    public CancellationToken Ct => ct;

    public SimConversation Conversation => Chatwoot.ConversationOf(RowWorld.AnasNumber)!;

    public SimConversation Integration => Chatwoot.Integration!;

    public SimConversation GroupConversation => Chatwoot.Store.Read((_, all) => all.Values.First(c => c.Contact.Identifier == Group.ToString()));

    /// <summary>It is in Chatwoot, and the bridge has noted as what.</summary>
    public async Task<SimMessage> ArrivesAsync(string waId)
    {
        var message = await new Trace(World, Shop, ct).ArrivedAsync(waId);
        while (World.Part<MessageMap>().ByWhatsApp("app_shop", waId) is null) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);
        return message;
    }

    /// <summary>Ana sends a message of any kind.</summary>
    public Task<SimMessage> SendsAsync(Message message) => ArrivesAsync(Ana.Send(Shop.Number.User, message));

    public Task<SimMessage> WritesAsync(string text) => ArrivesAsync(Ana.SendText(Shop.Number.User, text));

    /// <summary>What Ana's phone has of a message of hers.</summary>
    public PhoneMessage Anas(SimMessage message) => Ana.Messages.First(m => m.Id == message.SourceId);

    /// <summary>An agent writes, in Ana's conversation or another, and it has been delivered.</summary>
    public async Task<long> AnswersAsync(string text, long? inReplyTo = null, SimConversation? conversation = null)
    {
        var answer = await Chatwoot.AgentReplyAsync((conversation ?? Conversation).Id, text, inReplyTo);
        await HasStatusAsync(answer, "delivered");
        return answer;
    }

    /// <summary>An agent sends files to Ana, and all have been delivered.</summary>
    public async Task<long> SendsFilesAsync(string? text, params (string Name, string ContentType, byte[] Bytes)[] files)
    {
        var answer = await Chatwoot.AgentSendsAsync(Conversation.Id, text, files);
        await HasStatusAsync(answer, "delivered");
        return answer;
    }

    /// <summary>An agent gives a command, in the integration conversation or another.</summary>
    public Task CommandAsync(string command, SimConversation? conversation = null) => Chatwoot.AgentReplyAsync((conversation ?? Integration).Id, command);

    /// <summary>A conversation's commands are carried out one after another: all before this have been answered.</summary>
    public async Task FinishCommandsAsync(SimConversation? conversation = null, string prefix = "")
    {
        var last = await Chatwoot.AgentReplyAsync((conversation ?? Integration).Id, prefix + LastCommand);
        await Chatwoot.Store.WaitAsync(() => (conversation ?? Integration).Messages.Exists(m => m.Id > last && IsAnswerToLast(m.Content)), ct);
    }

    /// <summary>Which commands the app allows.</summary>
    public Task AllowAsync(bool queue, bool server) => World.Part<AppRegistry>().AmendAsync("app_shop", config =>
    {
        config["commands"] = new JsonObject { ["queue"] = queue, ["server"] = server };
        return config;
    }, ct);

    public Task EnableAsync(bool isEnabled) => World.Part<AppRegistry>().UpsertAsync(World.Part<AppRegistry>().Find("app_shop")! with { Enabled = isEnabled }, ct);

    /// <summary>A job of a queue is in a state, and if so said ended with an error.</summary>
    public async Task HasJobAsync(string queue, JobState state, string? error = null)
    {
        while (!(await World.Part<IJobMonitor>().JobsAsync(state, queue, 0, 100, ct)).Any(job => error is null || job.Error == error)) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, ct);
    }

    public static bool IsAnswerToLast(string? content) => content?.Contains($"**{LastCommand}**", StringComparison.Ordinal) ?? false;

    /// <summary>Ana's phone has got something.</summary>
    public async Task GetsAsync(Func<PhoneMessage, bool> matches)
    {
        while (!matches(await Ana.Incoming.ReadAsync(ct)))
        {
            // What came before it.
        }
    }

    /// <summary>Something without an id of its own has been said in a conversation since the row began.</summary>
    public Task SaysAsync(SimConversation conversation, string part) =>
        Chatwoot.Store.WaitAsync(() => conversation.Messages.Exists(m => m.Id > _before && (m.Content?.Contains(part, StringComparison.Ordinal) ?? false)), ct);

    public Task HasStatusAsync(long message, string status) => Chatwoot.Store.WaitAsync(() => Chatwoot.Store.FindMessage(message)!.Status == status, ct);

    public Task<JsonNode?> PostAsync(string path, JsonObject body) => World.PostAsync(path, body, 201, ct);
}
