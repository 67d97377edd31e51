using Footbridge.Jobs;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>Conversations that agents began with a number: once WhatsApp has said whose it is, the contact is told, and the answer comes to the same place.</summary>
internal sealed class AgentChats(ChatwootApps apps, IChatPlaces places, PersonFinder people)
{
    /// <param name="account">Who has the contact's number, as WhatsApp says.</param>
    public async Task NoteAsync(InboxData data, long contact, long conversation, Jid account, CancellationToken ct)
    {
        var person = await people.OfAsync(data.Session, account.ToUser(), ct);
        // Somebody who is filed already stays where they are: the agent has made a second contact, and may merge the two.
        foreach (var key in person.Keys) if (await places.FindAsync(data.App, key, ct) is not null) return;
        var context = await apps.OpenAsync(data.App, JobClass.Live, ct);
        if (await context.Client.FindContactAsync(contact, ct) is not { } found) return;
        var (changes, name) = ContactRequests.News(found, person, null, null);
        await ContactFinder.WriteAsync(context, contact, changes, ct);
        var place = new Place(contact, conversation, person.Address.ToString()) { Name = name, Lid = person.Lid?.ToString(), Source = data.Body["conversation"]?["contact_inbox"]?["source_id"]?.ToString() };
        await places.SaveAsync(data.App, person.Keys.First(), place, ct);
    }
}
