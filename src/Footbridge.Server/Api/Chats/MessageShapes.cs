using System.Text.Json.Nodes;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;
using Footbridge.Server.Storage.Archive;

namespace Footbridge.Server.Api.Chats;

/// <summary>Messages of the archive as the API shows them.</summary>
internal sealed class MessageShapes(MediaLinks links)
{
    /// <summary>As the event was, with what has become of the message since.</summary>
    /// <param name="withMedia">Whether it says where its file is; that it has one is said in any case.</param>
    public JsonObject Of(string session, ArchivedMessage archived, bool withMedia = true)
    {
        var shape = MessagePayloads.Of(archived.Message, links.Describe(session, archived.Message));
        if (!withMedia && shape["media"] is not null) (shape["media"], shape["mediaUrl"]) = (null, null);
        shape["ack"] = (int)archived.Ack;
        shape["ackName"] = AckPayloads.NameOf(archived.Ack);
        if (shape["_data"] is not JsonObject data) shape["_data"] = data = [];
        if (archived.State == ArchiveState.Revoked) data["isRevoked"] = true;
        if (archived.State == ArchiveState.Waiting) data["isWaiting"] = true;
        if (archived.EditedAt is { } edited) data["editedAt"] = edited.ToUnixTimeSeconds();
        if (archived.IsStarred) data["isStarred"] = true;
        return shape;
    }
}
