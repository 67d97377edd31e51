using Footbridge.Protocol.Generated;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp.Kinds;

/// <summary>A text with buttons under it.</summary>
internal sealed class ButtonsConverter(MessageText texts) : IMessageConverter
{
    public async ValueTask<ChatEntry?> ConvertAsync(Inbound message, CancellationToken ct)
    {
        var labels = LabelsOf(message.Content).Where(label => label.Length > 0).Select(label => "- " + label.ReplaceLineEndings(" ")).ToList();
        if (labels.Count == 0 || await texts.OfAsync(message, ct) is not { } text) return null;
        return new ChatEntry($"{text}\n\n{string.Join('\n', labels)}");
    }

    private static IEnumerable<string> LabelsOf(Message content) =>
        content.ButtonsMessage is { } buttons ? buttons.Buttons.Select(button => button.ButtonText?.DisplayText ?? "")
        : content.InteractiveMessage?.NativeFlowMessage is { } flow ? flow.Buttons.Select(button => PixConverter.Parse(button.ButtonParamsJson)?["display_text"]?.ToString() ?? "")
        : [];
}
