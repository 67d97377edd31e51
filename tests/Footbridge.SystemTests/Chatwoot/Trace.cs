using System.Text.Json.Nodes;
using Footbridge.Protocol.Generated;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>What people, the shop and agents do one after another, and where everything they wrote is at the end.</summary>
internal sealed class Trace(World world, FakePhone shop, CancellationToken ct)
{
    private readonly Dictionary<FakePhone, List<SimMessage>> _filed = [];
    private readonly Dictionary<FakePhone, List<string>> _answers = [];
    private readonly List<HashSet<FakePhone>> _together = [];
    private int _texts;

    public FakePhone Shop => shop;

    public ChatwootSimulator Chatwoot => world.Chatwoot;

    public World World => world;

    public CancellationToken Ct => ct;

    public FakePhone Person(string digits, string? name = "Ana Example", params string[] spellings)
    {
        var phone = world.WhatsApp.AddAccount(digits, name);
        foreach (var spelling in spellings) phone.People.AddSpelling(spelling);
        _filed[phone] = [];
        _answers[phone] = [];
        return phone;
    }

    /// <summary>A contact that somebody made by hand or imported.</summary>
    public SimContact Contact(string name, JsonObject fields)
    {
        fields["name"] = name;
        return Chatwoot.Store.AddContact(fields);
    }

    public SimContact ContactByPhone(string name, string digits) => Contact(name, new() { ["phone_number"] = "+" + digits });

    /// <summary>Somebody writes to the shop, and it has arrived in Chatwoot.</summary>
    public async Task<SimMessage> WritesAsync(FakePhone who)
    {
        var message = await ArrivedAsync(who.SendText(shop.Number.User, NextText()));
        _filed[who].Add(message);
        return message;
    }

    /// <summary>The same, of whatever kind.</summary>
    public async Task<SimMessage> WritesAsync(FakePhone who, Message content)
    {
        var message = await ArrivedAsync(who.Send(shop.Number.User, content));
        _filed[who].Add(message);
        return message;
    }

    /// <summary>Somebody writes from a phone that addresses people by number, as those of before 2024 do.</summary>
    public async Task<SimMessage> WritesByNumberAsync(FakePhone who)
    {
        who.AddressesByPhone = true;
        var message = await WritesAsync(who);
        who.AddressesByPhone = false;
        return message;
    }

    /// <summary>The shop's owner writes on the phone; the note of it counts for the customer.</summary>
    public async Task<SimMessage> ShopWritesAsync(FakePhone to)
    {
        var text = NextText();
        var message = await ArrivedAsync(shop.SendText(to.Number.User, text));
        _answers[to].Add(text);
        _filed[to].Add(message);
        return message;
    }

    /// <summary>An agent answers where the person's last message is; the person has to get it, and nobody else.</summary>
    public Task AnswersAsync(FakePhone who) => AnswersAsync(who, _filed[who][^1].ConversationId);

    public async Task AnswersAsync(FakePhone who, long conversation)
    {
        var text = NextText();
        _answers[who].Add(text);
        await Chatwoot.AgentReplyAsync(conversation, text);
        await who.WaitForAsync(text, ct);
    }

    /// <summary>An agent begins a conversation with a contact and writes first.</summary>
    public async Task<SimConversation> BeginsAsync(SimContact contact, FakePhone who)
    {
        var source = Chatwoot.Store.Link(contact, ChatwootSimulator.InboxId, null);
        var (conversation, told) = Chatwoot.Desk.Open(contact, Chatwoot.Store.FindInbox(ChatwootSimulator.InboxId)!, source);
        await told;
        await AnswersAsync(who, conversation.Id);
        return conversation;
    }

    /// <summary>What somebody writes waits: agents read why, once, with the names of both contacts, of which neither is touched.</summary>
    /// <returns>The waiting message's id.</returns>
    public async Task<string> IsQuarantinedAsync(FakePhone who, params SimContact[] candidates)
    {
        var before = candidates.Select(Look).ToList();
        var notes = Notes().Count;
        var waId = who.SendText(shop.Number.User, NextText());
        await Chatwoot.Store.WaitAsync(() => Notes().Count > notes, ct);
        var behind = who.SendText(shop.Number.User, NextText());
        // So often it is looked at again.
        var looked = 0;
        var threeTimes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Chatwoot.Faults.OnRequest = request =>
        {
            if (request.Path.Value!.EndsWith("/contacts/filter", StringComparison.Ordinal) && Interlocked.Increment(ref looked) == 3) threeTimes.TrySetResult();
            return null;
        };
        await threeTimes.Task.WaitAsync(ct);
        Assert.Equal(notes + 1, Notes().Count);
        Assert.All(candidates, contact => Assert.Contains($"[{contact.Name}](", Notes()[^1].Content, StringComparison.Ordinal));
        Assert.Equal(before, candidates.Select(Look));
        Assert.DoesNotContain(AllMessages(), message => message.SourceId == waId || message.SourceId == behind);
        return behind;
    }

    /// <summary>An agent has decided: what waited is filed.</summary>
    public async Task IsReleasedAsync(FakePhone who, string waId)
    {
        var message = await ArrivedAsync(waId);
        _filed[who].Add(message);
        Assert.Equal(2, AllMessages().Count(m => m.ConversationId == message.ConversationId && m.Type == SimMessageType.Incoming));
    }

    /// <summary>These are one to Chatwoot, because somebody there has said so.</summary>
    public void AreTogether(params FakePhone[] people) => _together.Add([.. people]);

    public SimContact ContactOf(FakePhone who) => ContactOf(_filed[who][^1]);

    public SimContact ContactOf(SimMessage message) => Chatwoot.Store.Read((_, all) => all[message.ConversationId].Contact);

    public SimConversation ConversationOf(SimMessage message) => Chatwoot.Store.Read((_, all) => all[message.ConversationId]);

    public static string Look(SimContact contact) => $"{contact.Name}|{contact.PhoneNumber}|{contact.Identifier}|{contact.CustomAttributes.ToJsonString()}|{string.Join(',', contact.Links)}";

    /// <summary>One contact for each person, none for two, so many in all, and every answer where it belongs.</summary>
    public void Check(int contacts)
    {
        // What was deleted in Chatwoot is nobody's any more.
        var owners = _filed.ToDictionary(
            person => person.Key,
            person => Chatwoot.Store.Read((_, all) => person.Value.Where(m => all.ContainsKey(m.ConversationId)).Select(m => all[m.ConversationId].Contact.Id).Distinct().ToList()));
        Assert.All(owners.Values, ids => Assert.True(ids.Count <= 1, $"one person has {ids.Count} contacts"));
        foreach (var (one, other) in owners.Keys.SelectMany(one => owners.Keys.Where(other => other != one).Select(other => (one, other))))
        {
            if (!_together.Exists(group => group.Contains(one) && group.Contains(other))) Assert.Empty(owners[one].Intersect(owners[other]));
        }

        foreach (var (who, texts) in _answers) Assert.Equal(texts, who.Messages.Where(m => !m.IsFromMe && m.Chat.IsUser).Select(m => m.Text));
        Assert.Equal(contacts, Chatwoot.Store.Read((all, _) => all.Values.Count(c => c.Identifier != "whatsapp.integration")));
    }

    /// <summary>The message that carries a WhatsApp id.</summary>
    public async Task<SimMessage> ArrivedAsync(string waId)
    {
        SimMessage? found = null;
        await Chatwoot.Store.WaitAsync(() => (found = AllMessages().Find(m => m.SourceId == waId)) is not null, ct);
        return found!;
    }

    public string NextText() => $"text {++_texts}";

    private List<SimMessage> Notes() => Chatwoot.Integration is { } integration ? [.. Chatwoot.MessagesOf(integration).Where(m => m.Content?.Contains("was not filed", StringComparison.Ordinal) ?? false)] : [];

    private List<SimMessage> AllMessages() => Chatwoot.Store.Read((_, all) => all.Values.SelectMany(c => c.Messages).ToList());
}

/// <summary>Waits for what a phone gets.</summary>
internal static class PhoneWaits
{
    public static async Task<PhoneMessage> WaitForAsync(this FakePhone phone, string text, CancellationToken ct)
    {
        while (true)
        {
            var message = await phone.Incoming.ReadAsync(ct);
            if (message.Text == text) return message;
        }
    }
}
