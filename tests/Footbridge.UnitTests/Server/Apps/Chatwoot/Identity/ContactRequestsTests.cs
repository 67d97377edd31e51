using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.Identity;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot.Identity;

public sealed class ContactRequestsTests
{
    [Theory]
    [InlineData("551199990000", "+5511999990000")] // a Brazilian mobile of before 2016: WhatsApp leaves the ninth digit out
    [InlineData("551169990000", "+5511969990000")]
    [InlineData("551133330000", "+551133330000")] // a Brazilian landline
    [InlineData("5511999990000", "+5511999990000")]
    [InlineData("491700000000", "+491700000000")]
    [InlineData("521550000000", "+521550000000")]
    public void A_number_is_written_as_people_dial_it(string digits, string expected) => Assert.Equal(expected, ContactRequests.E164(new(digits, JidServer.User)));

    [Fact]
    public void A_person_is_looked_for_by_every_address_in_every_place_and_the_last_clause_has_no_operator()
    {
        var person = new KnownPerson(new Jid("551199990000", JidServer.User), new Jid("777", JidServer.Lid), [new Jid("491700000000", JidServer.User)]);
        var clauses = ContactRequests.Conditions(person).Select(c => c!.AsObject()).ToList();
        string[] ids = ["551199990000@c.us", "777@lid", "491700000000@c.us", "5511999990000@c.us"];
        string[] places = ["waha_whatsapp_chat_id", "waha_whatsapp_jid", "waha_whatsapp_lid", "identifier"];
        Assert.Equal(
            [.. ids.SelectMany(id => places.Select(place => $"{place}={id}")), "phone_number=551199990000", "phone_number=491700000000", "phone_number=5511999990000"],
            clauses.Select(c => $"{c["attribute_key"]}={c["values"]![0]}"));
        Assert.All(clauses.SkipLast(1), c => Assert.Equal("OR", c["query_operator"]!.ToString()));
        Assert.False(clauses[^1].ContainsKey("query_operator"));
    }

    [Fact]
    public void A_phone_contact_has_a_phone_and_one_without_has_its_id_as_identifier()
    {
        var (number, lid) = (new Jid("491700000000", JidServer.User), new Jid("777", JidServer.Lid));
        var phone = ContactRequests.Create(new(number, lid, []), "Ana", new HashSet<string>());
        Assert.Equal(("Ana", "+491700000000", "491700000000@c.us"), (phone["name"]!.ToString(), phone["phone_number"]!.ToString(), phone["source_id"]!.ToString()));
        Assert.Equal("""{"waha_whatsapp_chat_id":"491700000000@c.us","waha_whatsapp_jid":"491700000000@c.us","waha_whatsapp_lid":"777@lid"}""", phone["custom_attributes"]!.ToJsonString());
        Assert.False(phone.ContainsKey("identifier"));
        var hidden = ContactRequests.Create(new(null, lid, []), null, new HashSet<string>());
        Assert.Equal(("777@lid", "777@lid", "777@lid"), (hidden["name"]!.ToString(), hidden["identifier"]!.ToString(), hidden["source_id"]!.ToString()));
        Assert.False(hidden.ContainsKey("phone_number"));
    }

    [Fact]
    public void A_number_that_another_contact_has_is_not_asked_for()
    {
        var contact = ContactRequests.Create(new(new Jid("491700000000", JidServer.User), new Jid("777", JidServer.Lid), []), "Ben", new HashSet<string> { "+491700000000" });
        Assert.Equal(("777@lid", "777@lid"), (contact["identifier"]!.ToString(), contact["source_id"]!.ToString()));
        Assert.False(contact.ContainsKey("phone_number"));
    }

    [Fact]
    public void Attributes_of_others_are_no_reason_to_write_and_are_kept_when_there_is_one()
    {
        var ours = new JsonObject { ["waha_whatsapp_chat_id"] = "1@c.us" };
        Assert.False(ContactRequests.Differ(new() { ["waha_whatsapp_chat_id"] = "1@c.us", ["vip"] = true }, ours));
        Assert.True(ContactRequests.Differ(new() { ["waha_whatsapp_chat_id"] = "2@c.us" }, ours));
        Assert.True(ContactRequests.Differ(null, ours));
        Assert.Equal("""{"vip":true,"waha_whatsapp_chat_id":"1@c.us"}""", ContactRequests.Merge(new() { ["vip"] = true }, ours).ToJsonString());
    }
}
