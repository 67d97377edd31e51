using System.Security.Cryptography;
using System.Text;
using Footbridge.Protocol.Generated;

namespace Footbridge.Engine.Messages.Contents;

/// <summary>Polls. Votes need the poll's secret: <see cref="WaClient.VoteAsync"/> makes them. Source: docs/protocol/message-kinds.md.</summary>
public static class PollContents
{
    /// <summary>Fewest and most options that phones show.</summary>
    public const int MinOptions = 2;

    public const int MaxOptions = 12;

    /// <param name="allowsMany">More than one option may be chosen.</param>
    /// <exception cref="ArgumentException">The options are too few, too many, or not different.</exception>
    public static Message Poll(string name, IReadOnlyList<string> options, bool allowsMany, MessageContext? context = null)
    {
        if (options.Count is < MinOptions or > MaxOptions) throw new ArgumentException($"a poll has {MinOptions} to {MaxOptions} options", nameof(options));
        if (options.Distinct(StringComparer.Ordinal).Count() != options.Count) throw new ArgumentException("the options of a poll must differ", nameof(options));
        var poll = new Message.Types.PollCreationMessage { Name = name, SelectableOptionsCount = allowsMany ? (uint)options.Count : 1, ContextInfo = context?.Build() };
        poll.Options.AddRange(options.Select(option => new Message.Types.PollCreationMessage.Types.Option { OptionName = option }));
        return allowsMany ? new() { PollCreationMessage = poll } : new() { PollCreationMessageV3 = poll };
    }

    /// <summary>The poll in a message, whichever version it is; null when it is none.</summary>
    public static Message.Types.PollCreationMessage? Find(Message content) =>
        content.PollCreationMessage ?? content.PollCreationMessageV2 ?? content.PollCreationMessageV3 ?? content.PollCreationMessageV5;

    /// <summary>How a vote names an option.</summary>
    public static byte[] HashOf(string option) => SHA256.HashData(Encoding.UTF8.GetBytes(option));
}
