using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Events;
using Footbridge.Engine.Store;
using Footbridge.Protocol.AppState;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.AppState;

/// <summary>What an action of another device (or of this one, once the server has it) means here: events and state. Inside the loop.</summary>
/// <remarks>
/// An event's id comes from the value's MAC, which is new for every write and the same however often it arrives. An action nobody knows
/// stays in the store as it came.
/// </remarks>
internal sealed class SyncEffects(AccountContext context)
{
    public async ValueTask ApplyAsync(string collection, SyncRecord record, StoreBatch batch, CancellationToken ct)
    {
        if (SyncIndex.TryParse(record.Data.Index.Span) is not { } index) return;
        var (id, value) = ($"appstate:{collection}:{Convert.ToHexString(record.ValueMac)}{(record.IsSet ? "" : ":removed")}", record.Data.Value ?? new());
        var change = new Change(id, TimeOf(value), index, value, record.IsSet, batch);
        switch (index)
        {
            case [_]:
                ApplySetting(change);
                break;
            case ["contact", var address]:
                await ApplyContactAsync(change, address, ct);
                break;
            case ["lid_contact", var address]:
                var lidContact = value.LidContactAction ?? new();
                await PublishContactAsync(change, address, lidContact.FullName, lidContact.FirstName, lidContact.Username, ct);
                break;
            case ["pnForLidChat", var lid]:
                await Parties.LearnAsync(context.State, value.PnForLidChatAction?.PnJid, lid, change.Time, batch, ct);
                break;
            case ["label_edit", var label]:
                var edit = value.LabelEditAction ?? new();
                batch.Publish(new LabelUpdated(id, change.Time, label, edit.Name, edit.Color, edit.Deleted || !record.IsSet));
                break;
            case ["label_jid", var label, var chat] when Jid.TryParse(chat, out var jid):
                batch.Publish(new LabelAssigned(id, change.Time, label, await PartyAsync(jid, ct), null, record.IsSet && value.LabelAssociationAction is { Labeled: true }));
                break;
            case ["label_message", var label, var chat, var message, ..] when Jid.TryParse(chat, out var jid):
                batch.Publish(new LabelAssigned(id, change.Time, label, await PartyAsync(jid, ct), message, record.IsSet && value.LabelAssociationAction is { Labeled: true }));
                break;
            case [_, var chat, ..] when Jid.TryParse(chat, out var jid) && jid.User.Length > 0:
                await ApplyToChatAsync(change, jid, ct);
                break;
        }
    }

    private async ValueTask ApplyToChatAsync(Change change, Jid chat, CancellationToken ct)
    {
        if (ChatChangeOf(change) is { } chatChange)
        {
            change.Batch.Publish(new ChatUpdated(change.Id, change.Time, await PartyAsync(chat, ct), chatChange));
            return;
        }

        if (change.Index is not [var name, _, var message, var fromMe, _]) return;
        if (name == SyncActions.Star.Name)
        {
            change.Batch.Publish(new MessageStarred(
                change.Id, change.Time, await PartyAsync(chat, ct), message, fromMe == "1", change.IsSet && change.Value.StarAction is { Starred: true }));
        }
        else if (name == SyncActions.DeleteMessageForMe.Name && change.IsSet)
        {
            change.Batch.Publish(new MessageDeletedForMe(change.Id, change.Time, await PartyAsync(chat, ct), message, fromMe == "1"));
        }
    }

    private static ChatChange? ChatChangeOf(Change change) => (change.Index[0], change.IsSet) switch
    {
        ("archive", var isSet) => new ChatChange.Archived(isSet && change.Value.ArchiveChatAction is { Archived: true }),
        ("pin_v1", var isSet) => new ChatChange.Pinned(isSet && change.Value.PinAction is { Pinned: true }),
        ("mute", var isSet) => new ChatChange.Muted(isSet && change.Value.MuteAction is { Muted: true } mute ? MutedUntil(mute.MuteEndTimestamp) : null),
        ("markChatAsRead", true) when change.Value.MarkChatAsReadAction is { } read => new ChatChange.Read(read.Read),
        ("clearChat", true) => new ChatChange.Cleared(),
        ("deleteChat", true) => new ChatChange.Deleted(),
        _ => null,
    };

    /// <summary>Settings of the account itself; those that are only kept (status privacy, locale …) have no line.</summary>
    private void ApplySetting(Change change)
    {
        switch (change.Index[0])
        {
            case "setting_pushName" when change is { IsSet: true, Value.PushNameSetting.Name: { Length: > 0 } name }:
                Rename(name, change);
                break;
            case "nct_salt_sync" when change is { IsSet: true, Value.NctSaltSyncAction.Salt: { Length: > 0 } salt }:
                change.Batch.Put(StateKind.AccountSecret, AccountSecrets.NctSalt, salt.ToByteArray());
                break;
            case "nct_salt_sync":
                change.Batch.Delete(StateKind.AccountSecret, AccountSecrets.NctSalt);
                break;
        }
    }

    private void Rename(string name, Change change)
    {
        var credentials = context.Link.Credentials;
        if (credentials.Account is not { } me || me.PushName == name) return;
        var renamed = credentials with { Account = me with { PushName = name } };
        renamed.Save(change.Batch);
        context.Link.Replace(renamed);
        change.Batch.Publish(new ContactUpdated(change.Id, change.Time, new(me.Phone.ToUser(), me.Phone.ToUser(), me.Lid?.ToUser()), PushName: name));
    }

    private async ValueTask ApplyContactAsync(Change change, string address, CancellationToken ct)
    {
        var contact = change.Value.ContactAction ?? new();
        await Parties.LearnAsync(context.State, address, contact.LidJid, change.Time, change.Batch, ct);
        await Parties.LearnAsync(context.State, contact.PnJid, address, change.Time, change.Batch, ct);
        await PublishContactAsync(change, address, contact.FullName, contact.FirstName, contact.Username, ct);
    }

    /// <summary>A removed contact has lost its names: they are told as empty.</summary>
    private async ValueTask PublishContactAsync(Change change, string address, string fullName, string firstName, string username, CancellationToken ct)
    {
        if (!Jid.TryParse(address, out var jid) || !jid.IsUser) return;
        var party = await PartyAsync(jid, ct);
        change.Batch.Publish(change.IsSet
            ? new ContactUpdated(change.Id, change.Time, party, fullName, firstName, Username: username.Length > 0 ? username : null)
            : new ContactUpdated(change.Id, change.Time, party, "", ""));
    }

    private ValueTask<Party> PartyAsync(Jid jid, CancellationToken ct) => Parties.OfAsync(context.State, jid, ct);

    private DateTimeOffset TimeOf(SyncActionValue value) =>
        value.Timestamp is > 0 and var ms && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : context.Time.GetUtcNow();

    /// <summary>Milliseconds since 1970; phones write -1, 0 or an absurdly late time for "for ever".</summary>
    private static DateTimeOffset MutedUntil(long end) =>
        end > 0 && end < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(end) : DateTimeOffset.MaxValue;

    private sealed record Change(string Id, DateTimeOffset Time, IReadOnlyList<string> Index, SyncActionValue Value, bool IsSet, StoreBatch Batch);
}
