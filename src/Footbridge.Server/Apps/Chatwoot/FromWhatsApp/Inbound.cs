using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Protocol.Generated;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;
using Google.Protobuf;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>Something of a chat on its way from WhatsApp into Chatwoot.</summary>
internal sealed class Inbound(JobContext job, ChatwootContext context, PublicEvent publicEvent)
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));
    private Message? _content;

    /// <summary>The job that carries it.</summary>
    public JobContext Job => job;

    public ChatwootContext Context => context;

    public Words Words => context.Words;

    public PublicEvent Event => publicEvent;

    public JsonObject Payload => publicEvent.Payload;

    /// <summary>The raw id of the message on WhatsApp.</summary>
    public string WaId { get; } = WahaIds.RawId(publicEvent.Payload["id"]!.ToString());

    public bool IsFromMe { get; } = publicEvent.Payload["fromMe"]?.GetValue<bool>() ?? false;

    /// <summary>It was written through the API of this server, and not on a phone.</summary>
    public bool IsFromApi => Payload["source"]?.ToString() == "api";

    /// <summary>It comes with an import of former messages, and not as it is written.</summary>
    public bool IsHistory { get; init; }

    /// <summary>It is written with the date it was written at, past what Chatwoot makes of new messages: it needs no line with its date, and is no template.</summary>
    public bool HasTrueDate { get; init; }

    /// <summary>Its file is not fetched: its entry has a link at which it can be asked for.</summary>
    public bool LinksFiles { get; init; }

    /// <summary>The conversation it belongs to, when that need not be the one its chat goes on in.</summary>
    public long? Conversation { get; init; }

    /// <summary>The message below WAHA's shape; empty when the event has none.</summary>
    /// <exception cref="PermanentJobException">What the event has is not a message.</exception>
    public Message Content => _content ??= Read(Payload["_data"]?["message"] as JsonObject);

    /// <summary>The same as JSON, as templates look into it.</summary>
    public JsonObject Raw => Payload["_data"]?["message"] as JsonObject ?? [];

    /// <summary>Whether a container said something about the message, by the name of a <see cref="Footbridge.Engine.Events.MessageFlags"/>.</summary>
    public bool Is(string flag) => Payload["_data"]?["flags"] is JsonArray flags && flags.Any(one => one?.ToString() == flag);

    private static Message Read(JsonObject? message)
    {
        try
        {
            return message is null ? new() : Parser.Parse<Message>(message.ToJsonString());
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new PermanentJobException($"the message cannot be read: {e.Message}", e);
        }
    }
}
