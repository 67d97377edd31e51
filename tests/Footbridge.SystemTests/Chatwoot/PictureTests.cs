using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Contacts have the pictures that people and groups have on WhatsApp.</summary>
public sealed class PictureTests : ChatwootTest
{
    private static readonly byte[] Portrait = [0xFF, 0xD8, 1, 2, 3];

    private SimContact Contact => Chatwoot.ConversationOf(Customer)!.Contact;

    [Fact]
    public async Task A_person_with_a_picture_has_it_in_chatwoot_and_it_is_given_once()
    {
        Ana.People.SetPicture(Portrait);
        await AnaWritesAsync("hello");
        await Chatwoot.Store.WaitAsync(() => Contact.Picture is not null, Ct);
        Assert.Equal(Portrait, Contact.Picture!.Value.Jpeg);
        await AnaWritesAsync("and again");
        Assert.Equal(1, Contact.Picture!.Value.Number);
    }

    [Fact]
    public async Task A_group_has_its_picture_as_well()
    {
        var group = Shop.Groups.Create("Buyers", Customer);
        World.WhatsApp.People.Pictures.Set(group, Portrait);
        var message = await ArrivedAsync(Ana.Groups.SendText(group, "hello"));
        var contact = Chatwoot.Store.Read((_, all) => all[message.ConversationId].Contact);
        await Chatwoot.Store.WaitAsync(() => contact.Picture is not null, Ct);
    }

    [Fact]
    public async Task A_picture_that_somebody_gave_in_chatwoot_stays()
    {
        var (contact, _) = Chatwoot.Store.UpsertContact(ChatwootSimulator.InboxId, new() { ["name"] = "Kept", ["phone_number"] = "+" + Customer });
        contact.Picture = (1, [9]);
        Ana.People.SetPicture(Portrait);
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Chatwoot.Faults.OnRequest = request =>
        {
            if (request.Method == "GET" && request.Path.Value!.EndsWith($"/contacts/{contact.Id}", StringComparison.Ordinal)) looked.TrySetResult();
            return null;
        };
        await AnaWritesAsync("hello");
        await looked.Task.WaitAsync(Ct);
        await AnaWritesAsync("and again");
        Assert.Equal([9], contact.Picture!.Value.Jpeg);
        Assert.DoesNotContain(Chatwoot.Requests.Entries, request => request is { Method: "PUT", Body: null });
    }
}
