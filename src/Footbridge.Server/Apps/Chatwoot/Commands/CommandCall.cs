using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Convert;

namespace Footbridge.Server.Apps.Chatwoot.Commands;

/// <summary>A command that is being carried out, and its answers: each is said once, also when the job runs again.</summary>
/// <param name="isIntegration">It was given where only the app and agents write; elsewhere a customer could read along.</param>
/// <param name="prefix">What has to stand before commands there.</param>
internal sealed class CommandCall(JobContext job, ChatwootContext context, InboxData data, CommandRequest request, bool isIntegration, string prefix)
{
    private int _answers;

    public JobContext Job => job;

    public ChatwootContext Context => context;

    public InboxData Data => data;

    public CommandRequest Request => request;

    public bool IsIntegration => isIntegration;

    public string Prefix => isIntegration ? "" : prefix;

    public long Conversation { get; } = data.Body["conversation"]!["id"]!.GetValue<long>();

    /// <summary>A message in the integration conversation, and a note elsewhere.</summary>
    public Task AnswerAsync(string key, object? model, CancellationToken ct) => AnswerAsync(context.Words.Say(key, model), ct);

    /// <inheritdoc cref="AnswerAsync(string, object?, CancellationToken)"/>
    public Task AnswerAsync(string text, CancellationToken ct)
    {
        var message = Frame();
        message["content"] = isIntegration ? text : Liquid.Escape(text);
        return SayAsync(message, ct);
    }

    /// <summary>For agents alone, wherever it was asked for.</summary>
    public Task NoteAsync(string text, CancellationToken ct) => SayAsync(new() { ["content"] = Liquid.Escape(text), ["message_type"] = "outgoing", ["private"] = true }, ct);

    /// <summary>Whether an earlier run of the job got as far as its first answer.</summary>
    public async Task<bool> WasAnsweredAsync(CancellationToken ct) => job.Runs > 1 && await Lookback.WasSaidAsync(context, Conversation, $"{job.Id}:1", ct);

    /// <summary>A line of the conversation's own.</summary>
    public Task TellAsync(string text, CancellationToken ct) => SayAsync(new() { ["content"] = text, ["message_type"] = "activity", ["private"] = false }, ct);

    public Task ShowAsync(byte[] picture, string name, string contentType, CancellationToken ct) =>
        context.Client.PostFileAsync(Conversation, Frame(), picture, name, contentType, ct);

    private Task SayAsync(JsonObject message, CancellationToken ct) =>
        Lookback.SayOnceAsync(job.Runs > 1, context, Conversation, $"{job.Id}:{++_answers}", message, ct);

    private JsonObject Frame() => new() { ["message_type"] = isIntegration ? "incoming" : "outgoing", ["private"] = !isIntegration };
}
