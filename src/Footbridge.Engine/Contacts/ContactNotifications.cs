using Footbridge.Engine.Connection;
using Footbridge.Engine.Groups;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Pairing;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Contacts;

/// <summary>Notifications about people's devices, keys and tokens. Inside the loop. Source: docs/protocol/devices-lid.md.</summary>
internal sealed class ContactNotifications(
    ILink link, AccountState state, Commits commits, DeviceLists devices, PreKeys preKeys, SenderKeys senderKeys, ILogger logger) : IStanzaHandler
{
    public async ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        var batch = new StoreBatch();
        var from = stanza.RequiredJid("from");
        switch (stanza["type"])
        {
            case "devices" or "account_sync":
                devices.Forget(from);
                if (await state.TwinAsync(from, ct) is { } twin) devices.Forget(twin);
                break;
            case "encrypt" when stanza.Child("identity") is not null:
                await state.ForgetSessionsAsync(from, batch, ct);
                await senderKeys.ForgetHolderAsync(from, await state.TwinAsync(from, ct), batch, ct);
                devices.Forget(from);
                break;
            case "encrypt" when stanza.Child("count") is not null:
                _ = TopUpAsync(ct);
                break;
            case "privacy_token":
                KeepToken(stanza, from, batch);
                break;
        }

        await commits.CommitAsync(batch, () => link.Send(Acks.For(stanza)), ct);
    }

    private static void KeepToken(Node stanza, Jid from, StoreBatch batch)
    {
        var owner = stanza.JidOf("sender_lid")?.ToUser() ?? from.ToUser();
        foreach (var token in stanza.Child("tokens")?.ChildrenOf("token") ?? [])
        {
            if (token["type"] == "trusted_contact" && token.ContentBytes is { } bytes) PrivacyTokens.Save(owner, bytes, token.LongOf("t") ?? 0, batch);
        }
    }

    private async Task TopUpAsync(CancellationToken ct)
    {
        try
        {
            await preKeys.TopUpAsync(ct);
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException or NotOnlineException)
        {
            logger.LoginStepFailed("the refill of the prekeys", e.Message);
        }
    }
}
