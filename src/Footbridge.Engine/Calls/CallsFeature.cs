using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Calls;

/// <summary>Calls to the account: told of, and rejected when asked to. Source: docs/protocol/calls.md.</summary>
public sealed class CallsFeature : IFeature
{
    private readonly AccountContext _context;
    private readonly RecentCalls _recent = new();

    internal CallsFeature(AccountContext context) => _context = context;

    /// <summary>Rejects a call that rings, as seen by the caller, and tells of its end.</summary>
    /// <param name="from">Who calls, by phone or LID.</param>
    /// <exception cref="NotOnlineException">The account is not connected.</exception>
    public async Task RejectAsync(Jid from, string callId, CancellationToken ct)
    {
        _context.Link.RequireOnline();
        var caller = from.ToUser();
        var twin = await LidMap.FindTwinAsync(_context.Store, caller, ct);
        // The caller's own address, under which it called, wins over how somebody writes it here.
        var call = _recent.Find(callId) ?? new(callId, MessageSource.PartyOf(twin is { IsLid: true } lid ? lid : caller, twin is { IsLid: true } ? caller : twin), null, false);
        var to = call.From.Address;
        var me = _context.Link.Me;
        await _context.ChangeAsync((batch, _) =>
        {
            batch.Publish(RecentCalls.Ended(call, _context.Time.GetUtcNow(), "rejected"));
            return ValueTask.CompletedTask;
        }, ct);
        _context.Link.Send(Node.Of("call", [("id", MessageIds.Random()), ("from", me.Address(to.IsLid).ToUser()), ("to", to)],
            Node.Of("reject", [("call-id", callId), ("call-creator", to), ("count", 0)])));
    }

    void IFeature.Register(StanzaRouter router) => router.Add("call", new CallReceiver(_context, _recent));
}
