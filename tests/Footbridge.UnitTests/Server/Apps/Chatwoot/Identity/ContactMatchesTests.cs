using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.Identity;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot.Identity;

public sealed class ContactMatchesTests
{
    private static readonly KnownPerson Person = new(new Jid("551188880001", JidServer.User), new Jid("777", JidServer.Lid), [new Jid("491700000009", JidServer.User)]);

    [Theory]
    [InlineData("""{"phone_number":"+551188880001"}""", ContactMatch.Certain)]
    [InlineData("""{"phone_number":"+491700000009"}""", ContactMatch.Certain)]
    [InlineData("""{"identifier":"777@lid"}""", ContactMatch.Certain)]
    [InlineData("""{"custom_attributes":{"waha_whatsapp_chat_id":"551188880001@c.us"}}""", ContactMatch.Certain)]
    [InlineData("""{"phone_number":"+5511988880001"}""", ContactMatch.Proposed)]
    [InlineData("""{"custom_attributes":{"waha_whatsapp_jid":"5511988880001@c.us"}}""", ContactMatch.Proposed)]
    [InlineData("""{"phone_number":"+551188880001","custom_attributes":{"waha_whatsapp_lid":"888@lid"}}""", ContactMatch.Other)]
    [InlineData("""{"phone_number":"+5511988880001","identifier":"888@lid"}""", ContactMatch.Other)]
    [InlineData("""{"phone_number":"+491700000001"}""", ContactMatch.Other)]
    [InlineData("""{"identifier":"crm-551188880001"}""", ContactMatch.Other)]
    [InlineData("{}", ContactMatch.Other)]
    internal void A_contact_is_compared_by_every_id_it_carries(string contact, ContactMatch expected) => Assert.Equal(expected, ContactMatches.Compare(Person, JsonNode.Parse(contact)!.AsObject()));

    [Theory]
    [InlineData("Kept", "+491700000009", null, """{"phone_number":"+5511988880001"}""")] // its former number, whoever wrote it
    [InlineData("Kept", "+491700000001", null, "{}")] // an agent's
    [InlineData("", null, "Ana", """{"phone_number":"+5511988880001","name":"Ana"}""")]
    [InlineData("777@lid", null, "Ana", """{"phone_number":"+5511988880001","name":"Ana"}""")]
    [InlineData("Kept", null, "Ana", """{"phone_number":"+5511988880001"}""")]
    public void Only_what_nobody_wrote_is_written(string name, string? number, string? said, string expected)
    {
        var contact = new JsonObject { ["name"] = name, ["phone_number"] = number, ["custom_attributes"] = ContactRequests.Attributes(Person.Phone, Person.Lid) };
        var changes = ContactRequests.News(contact, Person, null, said).Changes;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), changes), changes.ToJsonString());
    }

    [Fact]
    public void A_name_that_was_written_from_here_follows_the_person_and_another_does_not()
    {
        var place = new Place(1, 2, "551188880001@s.whatsapp.net") { Name = "Ana" };
        JsonObject Contact(string name) => new() { ["name"] = name, ["phone_number"] = "+5511988880001", ["custom_attributes"] = ContactRequests.Attributes(Person.Phone, Person.Lid) };
        var (changes, ours) = ContactRequests.News(Contact("Ana"), Person, place, "Ana Example");
        Assert.Equal(("""{"name":"Ana Example"}""", "Ana Example"), (changes.ToJsonString(), ours));
        (changes, ours) = ContactRequests.News(Contact("Mrs Example"), Person, place, "Ana Example");
        Assert.Equal(("{}", null), (changes.ToJsonString(), ours));
    }
}
