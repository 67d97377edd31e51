using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Engine;

/// <summary>Our engine and the phones of two people, Ana and Bia, with a group or without.</summary>
public abstract class GroupTest : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly CancellationTokenSource _timeout = new(Patience);
    private SocketsHttpHandler _handler = null!;

    private protected WhatsAppSimulator WhatsApp { get; private set; } = null!;

    private protected FakePhone Ana { get; private set; } = null!;

    private protected FakePhone Bia { get; private set; } = null!;

    private protected LinkedAccount Us { get; private set; } = null!;

    private protected CancellationToken Ct => _timeout.Token;

    private protected string OurNumber => Us.Phone.Number.User;

    public virtual async ValueTask InitializeAsync()
    {
        WhatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);
        Ana = WhatsApp.AddAccount("5511900000001", "Ana Example");
        Bia = WhatsApp.AddAccount("5511900000002", "Bia Example");
        _handler = MediaTrust.Handler(WhatsApp);
        Us = new(WhatsApp, WhatsApp.AddAccount("5511900000099", "Shop"), options => options with { MediaHandler = _handler, Media = options.Media with { FallbackHosts = [] } });
        await Us.PairAsync(Ct);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Us.DisposeAsync();
        await WhatsApp.DisposeAsync();
        _handler.Dispose();
        _timeout.Dispose();
    }

    /// <summary>A group that Ana made with Bia and us, of which our engine knows.</summary>
    private protected async Task<Jid> MakeGroupAsync(bool usesLids = true)
    {
        WhatsApp.Groups.NewGroupsUseLids = usesLids;
        var group = Ana.Groups.Create("Team", Bia.Number.User, OurNumber);
        await Us.Store.WaitAsync<GroupJoined>(joined => joined.Group == group, Ct);
        return group;
    }

    private protected async Task<string> SendAsync(Jid group, string text)
    {
        var id = MessageIds.Random();
        await Us.Client.SendAsync(new(id, group, new Message { ExtendedTextMessage = new() { Text = text } }), Ct);
        return id;
    }

    private protected Task<MessageReceived> ReceiveAsync(string id) => Us.Store.WaitAsync<MessageReceived>(message => message.MessageId == id, Ct);

    private protected async Task WaitForAsync(FakePhone phone, Func<bool> condition)
    {
        var changed = new SemaphoreSlim(0);
        phone.Changed += () => changed.Release();
        while (!condition()) await changed.WaitAsync(Ct);
    }

    /// <summary>Stanzas from our engine so far.</summary>
    private protected IEnumerable<Node> Sent(string tag) => WhatsApp.Recorder.Stanzas.Where(s => s.IsFromClient && s.Node.Tag == tag && s.Device is { } device && device.IsSameUser(Us.Phone.Number)).Select(s => s.Node);
}
