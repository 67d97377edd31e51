using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp;

namespace Footbridge.Simulator.Control;

/// <summary>A WhatsApp with phones and a Chatwoot with agents, in this process.</summary>
internal sealed class SimulatedWorld : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Handset> _phones = new(StringComparer.Ordinal);
    private readonly List<Handset> _inOrder = [];
    private readonly TimeProvider _time;

    private SimulatedWorld(WhatsAppSimulator whatsApp, ChatwootSimulator chatwoot, TimeProvider time)
    {
        (WhatsApp, Chatwoot, _time) = (whatsApp, chatwoot, time);
        chatwoot.Store.Changed += Touch;
    }

    /// <summary>Raised after anything that a person could see has changed.</summary>
    public event Action? Changed;

    public WhatsAppSimulator WhatsApp { get; }

    public ChatwootSimulator Chatwoot { get; }

    /// <summary>Whether Chatwoot answers 503 to everything.</summary>
    public bool IsChatwootDown
    {
        get => Chatwoot.Faults.Down is not null;
        set
        {
            Chatwoot.Faults.Down = value ? new ChatwootFault.Status(StatusCodes.Status503ServiceUnavailable) : null;
            Touch();
        }
    }

    /// <exception cref="SimulatorException">A port is taken.</exception>
    public static async Task<SimulatedWorld> StartAsync(int whatsAppPort, int chatwootPort, TimeProvider time, CancellationToken ct)
    {
        var whatsApp = await Ports.UseAsync(whatsAppPort, () => WhatsAppSimulator.StartAsync(new() { Port = whatsAppPort, Records = false }, time, ct));
        try
        {
            return new(whatsApp, await Ports.UseAsync(chatwootPort, () => ChatwootSimulator.StartAsync(chatwootPort, time, ct)), time);
        }
        catch
        {
            await whatsApp.DisposeAsync();
            throw;
        }
    }

    public static bool IsNumber(string text) => text.Length is >= 7 and <= 15 && text.All(char.IsAsciiDigit) && text[0] != '0';

    /// <summary>Gives somebody an account and a phone; null when the number is taken.</summary>
    public Handset? AddPhone(string number, string? name)
    {
        lock (_inOrder)
        {
            if (_phones.ContainsKey(number)) return null;
            var handset = new Handset(WhatsApp.AddAccount(number, name), _time);
            handset.Changed += Touch;
            _phones[number] = handset;
            _inOrder.Add(handset);
            Touch();
            return handset;
        }
    }

    public Handset? FindPhone(string number) => _phones.GetValueOrDefault(number);

    /// <summary>Everything a person could see, as the page and tests read it.</summary>
    public JsonObject Describe()
    {
        Handset[] phones;
        lock (_inOrder) phones = [.. _inOrder];
        return new()
        {
            ["phones"] = new JsonArray([.. phones.Select(phone => (JsonNode)phone.Describe())]),
            ["chatwoot"] = new JsonObject { ["down"] = IsChatwootDown, ["webhook"] = Chatwoot.WebhookUrl?.ToString() },
            ["conversations"] = new JsonArray([.. Chatwoot.Store.Read((_, all) => all.Values.OrderBy(c => c.Id).Select(Describe).ToList())]),
        };
    }

    /// <summary>Tells all watchers to look again.</summary>
    public void Touch() => Changed?.Invoke();

    public async ValueTask DisposeAsync()
    {
        await WhatsApp.DisposeAsync();
        await Chatwoot.DisposeAsync();
    }

    private static JsonNode Describe(SimConversation conversation) => new JsonObject
    {
        ["id"] = conversation.Id,
        ["name"] = conversation.Contact.Name,
        ["phone"] = conversation.Contact.PhoneNumber,
        ["isIntegration"] = conversation.Contact.Identifier == "whatsapp.integration",
        ["isTyping"] = conversation.IsContactTyping,
        ["messages"] = new JsonArray([.. conversation.Messages.Select(Describe)]),
    };

    private static JsonNode Describe(SimMessage message) => new JsonObject
    {
        ["id"] = message.Id,
        ["type"] = message.IsPrivate ? "note" : message.Type.ToString().ToLowerInvariant(),
        ["text"] = message.Content,
        ["at"] = message.CreatedAt * 1000,
        ["status"] = message.Status,
        ["error"] = message.ContentAttributes["external_error"]?.ToString(),
        ["replyTo"] = message.ContentAttributes["in_reply_to"]?.DeepClone(),
        ["sourceId"] = message.SourceId,
        ["isFromAgent"] = message.IsFromAgent,
        ["isDeleted"] = message.ContentAttributes["deleted"]?.GetValue<bool>() == true,
        ["files"] = new JsonArray([.. message.Files.Select(file => (JsonNode)new JsonObject { ["name"] = file.Name, ["contentType"] = file.ContentType })]),
    };
}
