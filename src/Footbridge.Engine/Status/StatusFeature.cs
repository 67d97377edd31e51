using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Status;

/// <summary>Posting stories: messages to <c>status@broadcast</c>.</summary>
public sealed class StatusFeature : IFeature
{
    private const int MaxKept = 100;
    private readonly MessageSender _sender;
    private readonly StatusRoute _route;

    internal StatusFeature(AccountContext context, MessageSender sender)
    {
        (_sender, _route) = (sender, new(context, MaxKept));
        sender.Add(_route);
    }

    /// <summary>Posts a story and returns when the server has it. A deletion is a revoke message with the same audience.</summary>
    /// <exception cref="NotOnlineException">There is no connection, or it broke before the answer.</exception>
    /// <exception cref="SendFailedException">The audience is empty, or WhatsApp refused.</exception>
    public Task<SentMessage> PostAsync(StatusMessage status, CancellationToken ct)
    {
        _route.Expect(status);
        return _sender.SendAsync(new(status.Id, Jid.Status, status.Content), ct);
    }

    void IFeature.Register(StanzaRouter router)
    {
    }
}
