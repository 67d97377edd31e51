using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>What Chatwoot gets of an import, to the letter: <c>tests/vectors/chatwoot/messages-pull.json</c>.</summary>
public sealed class PullGoldenTests : PullTest
{
    private const long Noon = 1_700_000_000;
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("private-note", "messages-pull.json")]
    [InlineData("message", "messages-pull-own-shown.json")]
    public async Task Each_message_is_posted_in_this_form_and_in_this_order(string outgoing, string file)
    {
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app =>
        {
            app["config"]!["conversations"] = new JsonObject { ["outgoing"] = outgoing };
            // Dates in words are held by other tests, and depend on where and when they are read.
            app["config"]!["templates"] = new JsonObject { ["whatsapp.history.message.wrapper"] = "{{{content}}}\n{{#history}}📥{{/history}}" };
        }), 200);
        var answer = PhoneHistory.Text(AnaChat, "G1", false, Noon + 1, "");
        answer.Message = new() { ExtendedTextMessage = new() { Text = "the answer", ContextInfo = new() { StanzaId = "G0", Participant = AnaChat.ToString(), QuotedMessage = new() { Conversation = "*bold* {{contact.name}}" } } } };
        var place = PhoneHistory.Text(AnaChat, "G3", false, Noon + 3, "");
        place.Message = new() { LocationMessage = new() { DegreesLatitude = -23.5, DegreesLongitude = -46.6, Name = "The shop" } };
        await GiveAsync(
            AnaChat,
            [
                PhoneHistory.Text(AnaChat, "G0", false, Noon, "*bold* {{contact.name}}"), answer,
                PhoneHistory.Text(AnaChat, "G2", isFromMe: true, Noon + 2, "ours {{contact.name}}"), place,
            ]);
        await CommandAsync("messages pull 20y");
        await SaidAsync(Integration, "💬✅");
        var posted = Chatwoot.Requests.Entries.Where(entry => entry.Method == "POST" && entry.Body?["source_id"]?.ToString().StartsWith('G') == true).Select(entry => Plain(entry.Body!.AsObject())).ToArray();
        var golden = File.ReadAllText(Path.Combine(Repository.Root, "tests", "vectors", "chatwoot", file)).ReplaceLineEndings("\n").TrimEnd();
        Assert.Equal(golden, new JsonArray([.. posted]).ToJsonString(Readable).ReplaceLineEndings("\n"));
    }

    /// <summary>Chatwoot's own ids are different each time.</summary>
    private static JsonNode Plain(JsonObject body)
    {
        var plain = (JsonObject)body.DeepClone();
        if (plain["content_attributes"]?["in_reply_to"] is not null) plain["content_attributes"]!["in_reply_to"] = "the id of G0";
        return plain;
    }
}
