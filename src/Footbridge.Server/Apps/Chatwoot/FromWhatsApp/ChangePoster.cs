using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>Shows what happened to a message beside it, and instead of what the same had been shown as before.</summary>
/// <remarks>
/// The map has an entry under <c>{message}:{what}:{change}</c>, and under <c>{message}:{what}</c> the latest of them, so that the raw id before the
/// first colon is always the message they are about.
/// </remarks>
internal sealed class ChangePoster(ChatPoster poster, IJobState state, Decisions decisions)
{
    /// <summary>The message a change is about, or the placeholder that stands for it; null when it is not in Chatwoot.</summary>
    public async ValueTask<MappedMessage?> TargetAsync(string app, string waId, CancellationToken ct) =>
        await state.ByWhatsAppAsync(app, waId, ct) ?? await state.ByWhatsAppAsync(app, waId + MessageAnyJob.WaitingSuffix, ct);

    /// <summary>Posts an entry and deletes the one that it replaces.</summary>
    /// <param name="what">What is shown once at a time, <c>{message}:{what}</c>.</param>
    public async Task ShowAsync(Inbound change, string what, ChatEntry entry, CancellationToken ct)
    {
        var id = $"{what}:{change.WaId}";
        await PostAsync(change, id, entry, ct);
        var app = change.Context.App.Id;
        if (await state.ByWhatsAppAsync(app, id, ct) is not { } posted) return;
        await DeleteAsync(change.Context, what, posted.CwId, ct);
        await state.SaveMessageAsync(app, posted with { WaId = what }, ct);
    }

    /// <summary>Takes away what is shown; does nothing when nothing is.</summary>
    public async Task HideAsync(Inbound change, string what, CancellationToken ct)
    {
        var deleted = await DeleteAsync(change.Context, what, null, ct);
        decisions.Say(change.Job, deleted is null ? "taken back, and was not shown" : $"taken back: message {deleted.CwId} was deleted", deleted?.Conversation, deleted?.CwId);
    }

    /// <summary>Posts an entry into the conversation of the message it is about, or if that is gone where the chat goes on.</summary>
    public async Task PostAsync(Inbound change, string id, ChatEntry entry, CancellationToken ct)
    {
        try
        {
            await poster.PostAsync(change, id, () => new(entry), ct);
        }
        catch (ChatwootException e) when (e.Status == 404 && change.Conversation is not null)
        {
            await poster.PostAsync(new(change.Job, change.Context, change.Event), id, () => new(entry), ct);
        }
    }

    private async Task<MappedMessage?> DeleteAsync(ChatwootContext context, string what, long? kept, CancellationToken ct)
    {
        if (await state.ByWhatsAppAsync(context.App.Id, what, ct) is not { } former || former.CwId == kept) return null;
        await DeleteAsync(context, former, ct);
        return former;
    }

    /// <summary>Deletes a message in Chatwoot, if it is still there.</summary>
    public static async Task DeleteAsync(ChatwootContext context, MappedMessage message, CancellationToken ct)
    {
        try
        {
            await context.Client.DeleteMessageAsync(message.Conversation, message.CwId, ct);
        }
        catch (ChatwootException e) when (e.Status == 404)
        {
            // Gone with its conversation, which is as good.
        }
    }
}
