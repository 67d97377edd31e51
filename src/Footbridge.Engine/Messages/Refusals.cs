using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Engine.Connection;
using Footbridge.Protocol;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Messages;

/// <summary>What an error in the server's ack of a message means, and until when. Outside the loop. Source: docs/protocol/message-kinds.md.</summary>
internal sealed class Refusals(AccountContext context)
{
    public const int NewChatRestricted = 463;
    private static readonly string[] TimelockDocuments = ["23983697327930364"];
    private static readonly string[] CappingDocuments = ["24503548349331633"];
    private readonly Mex _mex = new(context.Link, context.Options);

    public async Task<SendFailedException> DescribeAsync(int code, CancellationToken ct)
    {
        var refusal = code switch
        {
            NewChatRestricted => Refusal.ReachOutTimelock,
            475 => Refusal.NewChatLimit,
            479 => Refusal.Invalid,
            421 => Refusal.StaleAddress,
            401 or 403 => Refusal.AccountRestricted,
            _ => Refusal.Other,
        };
        var until = refusal switch
        {
            Refusal.ReachOutTimelock => await AskAsync(TimelockDocuments, [], "xwa2_fetch_account_reachout_timelock", "time_enforcement_ends", ct),
            Refusal.NewChatLimit => await AskAsync(CappingDocuments, new() { ["input"] = new JsonObject { ["type"] = "INDIVIDUAL_NEW_CHAT_MSG" } }, "xwa2_message_capping_info", "cycle_end_timestamp", ct),
            _ => null,
        };
        return new(TextOf(refusal, code, until), code, refusal, until);
    }

    private static string TextOf(Refusal refusal, int code, DateTimeOffset? until)
    {
        var end = until is { } time ? $" until {time.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)}" : "";
        var what = refusal switch
        {
            Refusal.ReachOutTimelock => $"WhatsApp does not let this account write to people who have not written to it{end}",
            Refusal.NewChatLimit => $"This account has used up the new chats that WhatsApp allows{end}",
            Refusal.Invalid => "WhatsApp does not accept this kind of message from this account",
            Refusal.StaleAddress => "The recipient's address is out of date; look the number up again",
            Refusal.AccountRestricted => "WhatsApp has restricted this account",
            _ => "WhatsApp refused the message",
        };
        return $"{what} (error {code})";
    }

    private async Task<DateTimeOffset?> AskAsync(IReadOnlyList<string> documents, JsonObject variables, string path, string field, CancellationToken ct)
    {
        try
        {
            var answer = await _mex.QueryAsync(documents, variables, path, ct);
            return long.TryParse(answer?[field]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < uint.MaxValue ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException or NotOnlineException or ProtocolException)
        {
            // How long it lasts is only an addition to what is certain.
            context.Logger.RefusalNotExplained(e.Message);
            return null;
        }
    }
}
