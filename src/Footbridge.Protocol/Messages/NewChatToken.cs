using System.Security.Cryptography;
using System.Text;
using Footbridge.Protocol.Xml;

namespace Footbridge.Protocol.Messages;

/// <summary>The token that goes with a first message to somebody whose own token is not known. Source: docs/protocol/message-kinds.md.</summary>
public static class NewChatToken
{
    /// <param name="salt">The account's, from app state or history.</param>
    public static byte[] Of(ReadOnlySpan<byte> salt, Jid recipientLid) => HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(recipientLid.ToUser().ToString()));
}
