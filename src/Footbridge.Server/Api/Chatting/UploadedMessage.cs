using Footbridge.Protocol.Generated;

namespace Footbridge.Server.Api.Chatting;

/// <summary>A message whose file is on WhatsApp's media hosts.</summary>
/// <param name="Handle">What the media host called the file, for channels; else null.</param>
internal sealed record UploadedMessage(Message Content, string? Handle);
