using Footbridge.Engine.Connection;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Contacts;

/// <summary>Notifications about people's devices, keys, numbers, pictures and tokens; any other is acknowledged and counted. Inside the loop.</summary>
/// <remarks>Source: docs/protocol/devices-lid.md and docs/protocol/contacts.md.</remarks>
internal sealed class ContactNotifications(AccountContext context, ContactsFeature contacts) : IStanzaHandler
{
    public async ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        var batch = new StoreBatch();
        var from = stanza.RequiredJid("from");
        Action? afterDurable = null;
        switch (stanza["type"])
        {
            case "devices":
                await ApplyDevicesAsync(stanza, from, batch, ct);
                break;
            case "account_sync":
                await ApplyAccountAsync(stanza, from, batch, ct);
                break;
            case "encrypt" when stanza.Child("identity") is not null:
                await ChangeIdentityAsync(stanza, from, batch, ct);
                afterDurable = () => _ = context.Tokens.ReissueAsync(from.ToUser());
                break;
            case "encrypt" when stanza.Child("count") is not null:
                _ = TopUpAsync(ct);
                break;
            case "privacy_token":
                await KeepTokensAsync(stanza, from, batch, ct);
                break;
            case "contacts":
                await ChangeNumberAsync(stanza, batch, ct);
                break;
            case "picture":
                await TellOfPictureAsync(stanza, from, batch, ct);
                break;
            case "status" when stanza.Child("set")?.ContentText is { } text:
                batch.Publish(new AboutChanged(EventId(stanza), TimeOf(stanza), await PartyOfAsync(from, ct), text));
                break;
            default:
                EngineMeter.UnknownNotification(stanza["type"]);
                break;
        }

        await context.Commits.CommitAsync(batch, () =>
        {
            context.Link.Send(Acks.For(stanza));
            afterDurable?.Invoke();
        }, ct);
    }

    private async ValueTask ApplyDevicesAsync(Node stanza, Jid from, StoreBatch batch, CancellationToken ct)
    {
        if (stanza.JidOf("lid") is { } lid && from.IsPhone) await context.State.LearnPairAsync(from, lid, PairSource.Notification, TimeOf(stanza), batch, ct);
        foreach (var change in stanza.Children)
        {
            var isWhole = change.Tag is "add" or "remove" && await ApplyChangeAsync(change, from, batch, ct);
            if (!isWhole) await ForgetDevicesAsync(from, batch, ct);
        }
    }

    /// <summary>False when the change cannot be applied to what is known, and all of it must be asked for.</summary>
    private async ValueTask<bool> ApplyChangeAsync(Node change, Jid from, StoreBatch batch, CancellationToken ct)
    {
        if (change.Child("device") is not { } device || device.JidOf("jid") is not { } jid) return false;
        // Devices without a key index are not written to; nor are they in the list that the hash is of.
        if (change.Tag == "add" && jid.Device != 0 && device["key-index"] is null) return false;
        var isAdded = change.Tag == "add";
        var twin = await context.State.TwinAsync(from, ct);
        var (phone, lid) = from.IsLid ? (twin, (Jid?)from) : ((Jid?)from, twin);
        var hasPhone = phone is { } p && change["device_hash"] is { } hash && await context.Devices.ApplyAsync(p, jid.Device, isAdded, hash, batch, ct);
        var hasLid = lid is { } l && change["device_lid_hash"] is { } lidHash && await context.Devices.ApplyAsync(l, jid.Device, isAdded, lidHash, batch, ct);
        if (hasPhone && !hasLid && lid is { } other) await context.Devices.ForgetAsync(other, batch, ct);
        if (hasLid && !hasPhone && phone is { } number) await context.Devices.ForgetAsync(number, batch, ct);
        return hasPhone || hasLid;
    }

    private async ValueTask ApplyAccountAsync(Node stanza, Jid from, StoreBatch batch, CancellationToken ct)
    {
        if (stanza.Child("devices") is not null || stanza.Children.Count == 0) await ForgetDevicesAsync(from, batch, ct);
        if (stanza.Child("blocklist") is { } blocklist) await contacts.Blocklist.ApplyAsync(blocklist, TimeOf(stanza), batch, ct);
        if (stanza.Child("privacy") is not null) contacts.Privacy.Forget();
    }

    private async ValueTask ForgetDevicesAsync(Jid user, StoreBatch batch, CancellationToken ct)
    {
        context.Logger.DevicesForgotten("a notification that cannot be applied to the list");
        await context.Devices.ForgetAsync(user, batch, ct);
        if (await context.State.TwinAsync(user, ct) is { } twin) await context.Devices.ForgetAsync(twin, batch, ct);
    }

    private async ValueTask ChangeIdentityAsync(Node stanza, Jid from, StoreBatch batch, CancellationToken ct)
    {
        if (context.IsMe(from)) return;
        await context.State.ForgetSessionsAsync(from, batch, ct);
        await ForgetDevicesAsync(from, batch, ct);
        await context.SenderKeys.ForgetHolderAsync(from, await context.State.TwinAsync(from, ct), batch, ct);
        batch.Publish(new IdentityChanged(EventId(stanza), TimeOf(stanza), await PartyOfAsync(from, ct), IsImplicit: false));
    }

    private async ValueTask KeepTokensAsync(Node stanza, Jid from, StoreBatch batch, CancellationToken ct)
    {
        var lid = stanza.JidOf("sender_lid")?.ToUser();
        if (lid is { } known && from.IsPhone) await context.State.LearnPairAsync(from, known, PairSource.Notification, TimeOf(stanza), batch, ct);
        foreach (var token in stanza.Child("tokens")?.ChildrenOf("token") ?? [])
        {
            if (token["type"] == "trusted_contact" && token.ContentBytes is { } bytes) await PrivacyTokens.SaveAsync(context.Store, lid ?? from.ToUser(), bytes, token.LongOf("t") ?? 0, batch, ct);
        }
    }

    /// <summary>A person took another number, and keeps the LID or gets a new one.</summary>
    private async ValueTask ChangeNumberAsync(Node stanza, StoreBatch batch, CancellationToken ct)
    {
        if (stanza.Child("modify") is not { } modify) return;
        var (former, now) = (modify.RequiredJid("old").ToUser(), modify.RequiredJid("new").ToUser());
        var lid = modify.JidOf("new_lid")?.ToUser() ?? modify.JidOf("old_lid")?.ToUser() ?? await context.State.TwinAsync(former, ct);
        if (lid is { } person && now.IsPhone) await context.State.LearnPairAsync(now, person, PairSource.Notification, TimeOf(stanza), batch, ct);
        await context.Devices.ForgetAsync(former, batch, ct);
        await ForgetDevicesAsync(now, batch, ct);
        batch.Publish(new NumberChanged(EventId(stanza), TimeOf(stanza), former, now, lid));
    }

    private async ValueTask TellOfPictureAsync(Node stanza, Jid from, StoreBatch batch, CancellationToken ct)
    {
        if (stanza.Children.Count == 0) return;
        var change = stanza.Children[0];
        var owner = (change.JidOf("jid") ?? from).ToUser();
        batch.Publish(new PictureChanged(EventId(stanza), TimeOf(stanza), await PartyOfAsync(owner, ct), change.Tag == "delete" ? null : change["id"]));
        contacts.Pictures.Forget(owner);
        if (await context.State.TwinAsync(owner, ct) is { } twin) contacts.Pictures.Forget(twin);
    }

    private async ValueTask<Party> PartyOfAsync(Jid user, CancellationToken ct) =>
        MessageSource.PartyOf(user.ToUser(), user.IsUser ? await context.State.TwinAsync(user, ct) : null);

    private async Task TopUpAsync(CancellationToken ct)
    {
        try
        {
            await context.PreKeys.TopUpAsync(ct);
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException or NotOnlineException)
        {
            context.Logger.LoginStepFailed("the refill of the prekeys", e.Message);
        }
    }

    private static string EventId(Node stanza) => $"notification:{stanza["type"]}:{stanza.Required("id")}:{stanza["t"]}";

    private DateTimeOffset TimeOf(Node stanza) =>
        stanza.LongOf("t") is { } t ? DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(t, 0, uint.MaxValue)) : context.Time.GetUtcNow();
}
