using Footbridge.Engine.Channels;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Groups;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Pairing;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Connection;

/// <summary>The parts of one run that its features share.</summary>
internal sealed class AccountContext
{
    public AccountContext(ILink link, AccountLoop loop, IDeviceStore store, PreKeys preKeys, WaClientOptions options, TimeProvider time, ILogger logger)
    {
        (Link, Loop, Store, PreKeys, Options, Time, Logger) = (link, loop, store, preKeys, options, time, logger);
        Commits = new(store, link.Fail, logger);
        State = new(store, Commits, time, logger);
        Devices = new(this);
        Tokens = new(this);
        Dirty = new(link, options, logger);
        Bundles = new(link, options, logger);
        Sealer = new(link, State, Bundles, logger);
        SenderKeys = new(store, Commits);
        Groups = new(this);
        Background = new(logger);
        Privacy = new(this);
    }

    public ILink Link { get; }

    public AccountLoop Loop { get; }

    public IDeviceStore Store { get; }

    public Commits Commits { get; }

    public AccountState State { get; }

    public DeviceLists Devices { get; }

    /// <summary>Features register here what to fetch when the server says that something changed meanwhile.</summary>
    public DirtyBits Dirty { get; }

    public Bundles Bundles { get; }

    public TokenIssuer Tokens { get; }

    /// <summary>Somebody uses the account: it may show itself as online.</summary>
    public Action Used { get; init; } = () => { };

    /// <summary>Tells of a person's presence, live: whoever is not listening misses it.</summary>
    public Action<Presence.PresenceUpdate> PresenceChanged { get; init; } = _ => { };

    public Sealer Sealer { get; }

    /// <summary>Everybody's sender keys, and who holds ours. Inside the loop only.</summary>
    public SenderKeys SenderKeys { get; }

    public GroupCache Groups { get; }

    public BackgroundWork Background { get; }

    public PrivacySettings Privacy { get; }

    /// <summary>Which changes of channel messages wait for an ack under another id than their own.</summary>
    public ChangesUnderWay ChannelChanges { get; } = new();

    public PreKeys PreKeys { get; }

    public WaClientOptions Options { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    /// <summary>Whether an address is one of the account's own, whatever its device.</summary>
    public bool IsMe(Jid jid) => Link.Me.Is(jid);

    /// <inheritdoc cref="ILink.QueryAsync"/>
    /// <remarks>For what somebody asked for: it counts as use of the account. What the engine does by itself goes through the link.</remarks>
    public Task<Node> QueryAsync(Node iq, CancellationToken ct)
    {
        Used();
        return Link.QueryAsync(iq, Options.QueryTimeout, ct);
    }

    /// <summary>Changes state inside the loop, from outside of it; returns when the change is durable, so that readers of the store see it.</summary>
    public async Task StoreAsync(Func<StoreBatch, CancellationToken, ValueTask> change, CancellationToken ct)
    {
        var stored = await Loop.RunAsync(async stop =>
        {
            var batch = new StoreBatch();
            await change(batch, stop);
            await Commits.CommitAsync(batch, () => { }, stop);
            return Commits.DrainAsync();
        }, ct);
        await stored.WaitAsync(ct);
    }

    /// <summary>Changes state inside the loop, from outside of it; returns when the change is on its way to the store, in order.</summary>
    public Task ChangeAsync(Func<StoreBatch, CancellationToken, ValueTask> change, CancellationToken ct) => Loop.RunAsync(async stop =>
    {
        var batch = new StoreBatch();
        await change(batch, stop);
        await Commits.CommitAsync(batch, () => { }, stop);
        return true;
    }, ct);
}
