using Footbridge.Engine;
using Footbridge.Engine.AppState;
using Footbridge.Engine.Calls;
using Footbridge.Engine.Channels;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Groups;
using Footbridge.Engine.History;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Pairing;
using Footbridge.Engine.Presence;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.Bench.Hostile.Harness;

/// <summary>A linked account as an input finds it: the whole engine but for the socket, on one thread, with a clock that stands still.</summary>
internal sealed class HostileAccount
{
    public static readonly Account Me = new(new Jid("5511000000001", JidServer.User, 3), new Jid("100000000000001", JidServer.Lid, 3), "Ana");
    public static readonly Credentials Credentials = Credentials.Create() with { Account = Me, SignedIdentity = [1, 2, 3] };
    private static readonly WaClientOptions Defaults = new();
    private static readonly Node Nothing = Node.Of("iq", [("type", "result")]);
    private readonly HostileLog _log = new();
    private readonly HostileLink _link;

    private HostileAccount(HostileStore store, WaClientOptions options, Func<Node, Node> answer)
    {
        var time = StillTime.Instance;
        var loop = new AccountLoop();
        _link = new(options, time, Credentials, answer);
        Context = new(_link, loop, store, new PreKeys(_link, loop, store, options), options, time, _log);
    }

    public AccountContext Context { get; }

    // Made when they are first wanted: there is an account for every input.
    public MessagesFeature Messages => field ??= new(Context);

    public MediaFeature Media => field ??= new(Context);

    public GroupsFeature Groups => field ??= new(Context, Messages.Sender);

    public ContactsFeature Contacts => field ??= new(Context);

    public ChannelsFeature Channels => field ??= new(Context, Messages.Sender);

    private StanzaRouter Router => field ??= Register();

    /// <summary>All that listens to the account's own phone.</summary>
    public IReadOnlyList<IFeature> PeerFeatures => field ??= [new AppStateFeature(Context, Messages.Peers, Media), new HistoryFeature(Context, Messages.Peers, Media)];

    /// <summary>Lets an account do something with an input, waits for all that follows from it, and makes public events of what came of it.</summary>
    /// <returns>Null when the input was refused.</returns>
    /// <exception cref="ProtocolException">The input was refused.</exception>
    public static object? Run(HostileStore store, Func<HostileAccount, Task> work, Func<Node, Node>? answer = null, WaClientOptions? options = null)
    {
        store.Reset();
        HostileAccount? account = null;
        Pump.Run(async () =>
        {
            account = new(store, options ?? Defaults, answer ?? (_ => Nothing));
            await work(account);
            await account.SettleAsync();
        });
        account!._log.ThrowIfFailed();
        if (account._link.Failure is { } failure) throw new InvalidOperationException($"the account was stopped: {failure}");
        foreach (var engineEvent in store.Events) PublicEvents.Check(engineEvent);
        return account._log.WasRefused ? null : store;
    }

    public ValueTask TakeAsync(Node stanza) => Router.RouteAsync(stanza, CancellationToken.None);

    private StanzaRouter Register()
    {
        var router = new StanzaRouter(_link.Send, _log);
        router.Add("ib/dirty", Context.Dirty);
        foreach (var feature in (IFeature[])[Messages, Media, Groups, .. PeerFeatures, Contacts, new PresenceFeature(Context), new CallsFeature(Context), Channels]) feature.Register(router);
        return router;
    }

    /// <summary>Some work asks for other work.</summary>
    private async Task SettleAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            var background = Context.Background.DrainAsync();
            if (background.IsCompleted && !Pump.WasUsed) return;
            await background;
            await Context.Loop.RunAsync(_ => ValueTask.FromResult(true), CancellationToken.None);
            await Context.Commits.DrainAsync();
        }
    }
}
