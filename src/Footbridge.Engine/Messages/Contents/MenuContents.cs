using Footbridge.Protocol.Generated;

namespace Footbridge.Engine.Messages.Contents;

/// <summary>One choice of a list.</summary>
public sealed record ListRow(string Title, string RowId, string? Description);

/// <summary>A titled group of choices.</summary>
public sealed record ListSection(string Title, IReadOnlyList<ListRow> Rows);

/// <summary>A button under a message, in the form that native flows have.</summary>
/// <param name="Name"><c>quick_reply</c>, <c>cta_url</c>, <c>cta_call</c> or <c>cta_copy</c>.</param>
/// <param name="ParametersJson">What the button needs, as JSON.</param>
public sealed record FlowButton(string Name, string ParametersJson);

/// <summary>Lists, buttons and the answers to them; phones do not always show those of ordinary accounts. Source: docs/protocol/message-kinds.md.</summary>
public static class MenuContents
{
    public static Message List(string title, string? description, string? footer, string button, IReadOnlyList<ListSection> sections, MessageContext? context = null)
    {
        var list = new Message.Types.ListMessage { Title = title, ButtonText = button, ListType = Message.Types.ListMessage.Types.ListType.SingleSelect, ContextInfo = context?.Build() };
        if (!string.IsNullOrEmpty(description)) list.Description = description;
        if (!string.IsNullOrEmpty(footer)) list.FooterText = footer;
        foreach (var section in sections)
        {
            var added = new Message.Types.ListMessage.Types.Section { Title = section.Title };
            foreach (var row in section.Rows)
            {
                var choice = new Message.Types.ListMessage.Types.Row { Title = row.Title, RowId = row.RowId };
                if (!string.IsNullOrEmpty(row.Description)) choice.Description = row.Description;
                added.Rows.Add(choice);
            }

            list.Sections.Add(added);
        }

        return new() { ListMessage = list };
    }

    /// <param name="picture">Shown above everything, or null.</param>
    public static Message Buttons(
        string? header, string? body, string? footer, IReadOnlyList<FlowButton> buttons, MessageContext? context = null, Message.Types.ImageMessage? picture = null)
    {
        var flow = new Message.Types.InteractiveMessage.Types.NativeFlowMessage { MessageVersion = 1, MessageParamsJson = "" };
        flow.Buttons.AddRange(buttons.Select(b => new Message.Types.InteractiveMessage.Types.NativeFlowMessage.Types.NativeFlowButton { Name = b.Name, ButtonParamsJson = b.ParametersJson }));
        var menu = new Message.Types.InteractiveMessage { NativeFlowMessage = flow, ContextInfo = context?.Build() };
        if (!string.IsNullOrEmpty(header) || picture is not null) menu.Header = new() { Title = header ?? "", HasMediaAttachment = picture is not null, ImageMessage = picture };
        if (!string.IsNullOrEmpty(body)) menu.Body = new() { Text = body };
        if (!string.IsNullOrEmpty(footer)) menu.Footer = new() { Text = footer };
        return new() { InteractiveMessage = menu };
    }

    /// <summary>The press of a button under a message.</summary>
    public static Message ButtonReply(string buttonId, string text, MessageContext context) => new()
    {
        ButtonsResponseMessage = new()
        {
            SelectedButtonId = buttonId,
            SelectedDisplayText = text,
            Type = Message.Types.ButtonsResponseMessage.Types.Type.DisplayText,
            ContextInfo = context.Build(),
        },
    };

    /// <summary>The press of a template's button.</summary>
    /// <param name="index">The button's place, from 0.</param>
    public static Message TemplateReply(string buttonId, string text, uint index, MessageContext context) => new()
    {
        TemplateButtonReplyMessage = new() { SelectedId = buttonId, SelectedDisplayText = text, SelectedIndex = index, ContextInfo = context.Build() },
    };

    /// <summary>The choice of a row of a list.</summary>
    public static Message ListReply(string rowId, string title, string? description, MessageContext context)
    {
        var reply = new Message.Types.ListResponseMessage
        {
            Title = title,
            ListType = Message.Types.ListResponseMessage.Types.ListType.SingleSelect,
            SingleSelectReply = new() { SelectedRowId = rowId },
            ContextInfo = context.Build(),
        };
        if (!string.IsNullOrEmpty(description)) reply.Description = description;
        return new() { ListResponseMessage = reply };
    }
}
