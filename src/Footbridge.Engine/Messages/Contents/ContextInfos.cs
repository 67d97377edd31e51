using Footbridge.Protocol.Generated;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Footbridge.Engine.Messages.Contents;

/// <summary>The context of a message, whatever its kind: each kind keeps it in a field of its own.</summary>
public static class ContextInfos
{
    private static readonly (FieldDescriptor Kind, FieldDescriptor Context)[] Places =
    [
        .. Message.Descriptor.Fields.InFieldNumberOrder()
            .Where(kind => kind.FieldType == FieldType.Message && !kind.IsRepeated)
            .Select(kind => (kind, kind.MessageType.FindFieldByName("contextInfo")))
            .Where(place => place.Item2 is not null),
    ];

    /// <summary>The context, or null when there is none.</summary>
    public static ContextInfo? Find(Message content)
    {
        foreach (var (kind, context) in Places)
        {
            if (kind.Accessor.GetValue(content) is IMessage inner && context.Accessor.GetValue(inner) is ContextInfo found) return found;
        }

        return null;
    }

    /// <summary>Changes the context, made when missing; does nothing with kinds that carry none. A plain text becomes one that can.</summary>
    internal static void Change(Message content, Action<ContextInfo> change)
    {
        if (content.HasConversation && content.Conversation.Length > 0)
        {
            content.ExtendedTextMessage = new() { Text = content.Conversation };
            content.ClearConversation();
        }

        foreach (var (kind, context) in Places)
        {
            if (kind.Accessor.GetValue(content) is not IMessage inner) continue;
            var info = context.Accessor.GetValue(inner) as ContextInfo ?? new();
            change(info);
            context.Accessor.SetValue(inner, info);
            return;
        }
    }

    internal static void Clear(Message content)
    {
        foreach (var (kind, context) in Places)
        {
            if (kind.Accessor.GetValue(content) is IMessage inner) context.Accessor.Clear(inner);
        }
    }
}
