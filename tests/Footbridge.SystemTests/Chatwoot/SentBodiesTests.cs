using System.Text.RegularExpressions;
using Footbridge.Simulator.Chatwoot.Api;
using Footbridge.SystemTests.Api;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>What the product sends to Chatwoot, held to Chatwoot's own contract where its code agrees with that.</summary>
public sealed partial class SentBodiesTests : ChatwootTest
{
    // The contract has no status change of a message.
    private static readonly string[] NotInTheContract = ["PATCH /api/v1/accounts/{account_id}/conversations/{conversation_id}/messages/{message_id}"];

    [Fact]
    public async Task Every_body_fits_chatwoots_contract()
    {
        var contract = OpenApi.LoadChatwoot();
        OpenApi.Require(contract);
        Chatwoot.Store.AddContact(new() { ["name"] = "Kept", ["identifier"] = "crm-1", ["phone_number"] = "+" + Customer });
        var first = await AnaWritesAsync("hello");
        var bia = World.WhatsApp.AddAccount("5511900000002", "Bia Example");
        await ArrivedAsync(bia.SendText(Shop.Number.User, "a new one"));
        await ArrivedAsync(Shop.SendText(Customer, "from the phone"));
        var answer = await Chatwoot.AgentReplyAsync(first.ConversationId, "answer", first.Id);
        await StatusAsync(answer, "delivered");
        await Chatwoot.AgentReplyAsync(Integration.Id, "status");
        await SaidAsync(Integration, "**WORKING**");
        var sent = Chatwoot.Requests.Entries.Where(request => request.Body is not null).Select(request => (Request: request, Operation: $"{request.Method} {Template(request)}")).ToList();
        var errors = sent.Where(s => !NotInTheContract.Contains(s.Operation))
            .SelectMany(s => contract!.CheckRequest(s.Request.Method, Template(s.Request), s.Request.Body).Select(error => $"{s.Operation}: {error} in {s.Request.Body!.ToJsonString()}"));
        Assert.Empty(errors);
        Assert.Equal(
            [
                "PATCH /api/v1/accounts/{account_id}/conversations/{conversation_id}/messages/{message_id}",
                "POST /api/v1/accounts/{account_id}/contacts/filter",
                "POST /api/v1/accounts/{account_id}/contacts/{id}/contact_inboxes",
                "POST /api/v1/accounts/{account_id}/conversations/{conversation_id}/messages",
                "POST /api/v1/accounts/{account_id}/custom_attribute_definitions",
                "POST /public/api/v1/inboxes/{inbox_identifier}/contacts",
                "POST /public/api/v1/inboxes/{inbox_identifier}/contacts/{contact_identifier}/conversations",
                "PUT /api/v1/accounts/{account_id}/contacts/{id}",
            ],
            sent.Select(s => s.Operation).Distinct().Order(StringComparer.Ordinal));
    }

    private static string Template(JournalEntry request)
    {
        var path = request.Path.Split('?')[0];
        path = Account().Replace(path, "/accounts/{account_id}");
        path = Message().Replace(path, "/messages/{message_id}");
        path = Conversation().Replace(path, "/conversations/{conversation_id}");
        path = Contact().Replace(path, "/contacts/{id}");
        return Public().Replace(path, match => "/inboxes/{inbox_identifier}/contacts" + (match.Groups[1].Success ? "/{contact_identifier}" : ""));
    }

    [GeneratedRegex(@"/accounts/\d+")]
    private static partial Regex Account();

    [GeneratedRegex(@"/messages/\d+")]
    private static partial Regex Message();

    [GeneratedRegex(@"/conversations/\d+")]
    private static partial Regex Conversation();

    [GeneratedRegex(@"(?<=/accounts/\{account_id\})/contacts/\d+")]
    private static partial Regex Contact();

    [GeneratedRegex(@"/inboxes/[^/]+/contacts(/[^/]+)?")]
    private static partial Regex Public();
}
