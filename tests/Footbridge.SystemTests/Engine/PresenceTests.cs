using Footbridge.Engine;
using Footbridge.Engine.Presence;
using Footbridge.Simulator.WhatsApp;

namespace Footbridge.SystemTests.Engine;

public sealed class PresenceTests : PersonTest
{
    private protected override WaClientOptions Configure(WaClientOptions options) =>
        options with { TypingLifetime = TimeSpan.FromMilliseconds(200), AutoOnlineFor = TimeSpan.FromMilliseconds(300) };

    [Fact]
    public async Task A_person_is_seen_coming_and_going_also_after_a_reconnect()
    {
        await Us.Client.FindAccountAsync(Customer.Number.User, Ct);
        await Us.Client.Presence.SubscribeAsync(Customer.Number, Ct);
        await Us.Client.Contacts.Privacy.GetAsync(Ct);
        Customer.People.SetOnline(true);
        var update = await Us.Presences.ReadAsync(Ct);
        Assert.Equal((PresenceKind.Online, Customer.Number, Customer.Lid), (update.Kind, update.Participant.Phone, update.Participant.Lid));
        Customer.People.SetOnline(false);
        // The answer to the subscription may tell once more that the person is there.
        while ((update = await Us.Presences.ReadAsync(Ct)).Kind == PresenceKind.Online)
        {
        }

        Assert.Equal(PresenceKind.Offline, update.Kind);
        Assert.NotNull(update.LastSeen);

        Us.ForgetStates();
        var seen = WhatsApp.Recorder.Stanzas.Count(IsSubscription);
        WhatsApp.KillSockets();
        await WhatsApp.Recorder.WaitAsync(s => IsSubscription(s) && WhatsApp.Recorder.Stanzas.Count(IsSubscription) > seen, Ct);
        Customer.People.SetOnline(true);
        while ((await Us.Presences.ReadAsync(Ct)).Kind != PresenceKind.Online)
        {
            // The state at the time of the new subscription comes first.
        }

        Assert.Equal(PresenceKind.Online, Assert.Single(await Us.Client.Presence.GetAsync(Customer.Lid, Ct)).Kind);
    }

    [Fact]
    public async Task Typing_is_seen_while_we_are_online_and_ends_by_itself()
    {
        Us.Client.Presence.SetOwn(true);
        // Queries are answered in the order of the stanzas: the server knows by then.
        await Us.Client.Contacts.Privacy.GetAsync(Ct);
        Customer.People.Type(Us.Phone.Number.User, "composing");
        Assert.Equal(PresenceKind.Typing, (await Us.Presences.ReadAsync(Ct)).Kind);
        Assert.Equal(PresenceKind.Paused, (await Us.Presences.ReadAsync(Ct)).Kind);
        Customer.People.Type(Us.Phone.Number.User, "composing", isVoice: true);
        Assert.Equal(PresenceKind.Recording, (await Us.Presences.ReadAsync(Ct)).Kind);
        Customer.People.Type(Us.Phone.Number.User, "paused");
        Assert.Equal(PresenceKind.Paused, (await Us.Presences.ReadAsync(Ct)).Kind);
    }

    [Fact]
    public async Task Our_typing_reaches_the_other_phone()
    {
        await Us.Client.Presence.TellChatAsync(Customer.Number, PresenceKind.Typing, Ct);
        await Customer.People.WaitAsync(n => n.Tag == "chatstate" && n.Child("composing") is { } c && c["media"] is null, Ct);
        await Us.Client.Presence.TellChatAsync(Customer.Number, PresenceKind.Recording, Ct);
        await Customer.People.WaitAsync(n => n.Tag == "chatstate" && n.Child("composing")?["media"] == "audio", Ct);
        await Us.Client.Presence.TellChatAsync(Customer.Number, PresenceKind.Paused, Ct);
        await Customer.People.WaitAsync(n => n.Tag == "chatstate" && n.Child("paused") is not null, Ct);
        await Assert.ThrowsAsync<ArgumentException>(() => Us.Client.Presence.TellChatAsync(Customer.Number, PresenceKind.Online, Ct));
    }

    [Fact]
    public async Task An_account_in_use_shows_as_online_until_it_is_left_alone()
    {
        Customer.People.Watch(Us.Phone.Number.User);
        Us.Client.Presence.Touch();
        await Customer.People.WaitAsync(n => n.Tag == "presence" && n["type"] is null, Ct);
        await Customer.People.WaitAsync(n => n.Tag == "presence" && n["type"] == "unavailable", Ct);
    }

    private static bool IsSubscription(RecordedStanza stanza) => stanza.IsFromClient && stanza.Node.Tag == "presence" && stanza.Node["type"] == "subscribe";
}
