using Footbridge.Engine.Messages;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.ToWhatsApp;
using Footbridge.Server.Sessions;
using Footbridge.UnitTests.Server.Apps.Chatwoot.Wording;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot;

public sealed class ErrorTextTests
{
    [Fact]
    public void A_session_that_does_not_work_is_shown_with_the_body_of_the_api() => Assert.Equal(
        """
        API Error: Session status is not as expected. Try again later or restart the session
        Data: {
          "error": "Session status is not as expected. Try again later or restart the session",
          "session": "default",
          "status": "STOPPED",
          "expected": [
            "WORKING"
          ]
        }
        """,
        Of(SessionNotWorkingException.InState("default", "STOPPED")));

    [Fact]
    public void A_refused_message_is_shown_with_the_body_of_the_api_whatever_the_broker_wrapped_it_in() => Assert.StartsWith(
        "API Error: not on WhatsApp\nData: {\n  \"statusCode\": 422,",
        Of(new PermanentJobException("x", new SendFailedException("not on WhatsApp"))),
        StringComparison.Ordinal);

    [Fact]
    public void A_refusal_of_chatwoot_is_shown_with_status_and_body() => Assert.Equal(
        """
        ChatWoot API Error: Request failed with status code 422
        Status: 422
        Body: {
          "error": "não <é> válido"
        }
        """,
        Of(new PermanentJobException("x", new ChatwootException(422, """{"error":"não <é> válido"}"""))));

    [Fact]
    public void A_body_that_is_no_json_is_shown_as_it_is_and_cannot_end_the_code_block()
    {
        var text = Of(new ChatwootException(404, "<html>```</html>"));
        Assert.EndsWith("Body: <html>'''</html>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Anything_else_is_its_message_and_its_first_line_the_short_form()
    {
        Assert.Equal("one\ntwo", Of(new InvalidOperationException("one\ntwo")));
        Assert.Equal("one", ErrorText.Short(new RetryAfterException(TimeSpan.Zero, "y", new InvalidOperationException("one\ntwo"))));
    }

    [Fact]
    public void What_means_something_to_an_agent_stands_before_what_only_an_operator_understands()
    {
        var refused = new PermanentJobException("x", new SendFailedException("refused", 479));
        Assert.StartsWith("WhatsApp did not understand this kind of message from this number (479). Send it as plain text or as a file.\n\nAPI Error: refused\nData: {", Of(refused), StringComparison.Ordinal);
        Assert.Equal("WhatsApp did not understand this kind of message from this number (479). Send it as plain text or as a file.", ErrorText.Short(refused, LocalesOf.English));
        Assert.Equal("The number 5 is not on WhatsApp.", Of(new NotOnWhatsAppException("5")));
        Assert.Equal("The session shop is not connected (STOPPED). Send status to the integration, then press retry at the message.", ErrorText.Short(SessionNotWorkingException.InState("shop", "STOPPED"), LocalesOf.English));
        Assert.Equal("one", ErrorText.Short(new InvalidOperationException("one\ntwo"), LocalesOf.English));
    }

    [Theory]
    [InlineData("""{"error":"Invalid Access Token"}""", "Invalid Access Token")]
    [InlineData("""{"message":"Phone number is invalid","attributes":["phone_number"]}""", "Phone number is invalid")]
    [InlineData("""{"errors":["You need to sign in"]}""", "You need to sign in")]
    [InlineData("""{"secret":"of another service"}""", "")]
    [InlineData("root:x:0:0", "")]
    [InlineData("[1]", "")]
    public void Only_chatwoots_own_words_are_passed_on_to_the_api(string body, string reason) => Assert.Equal(reason, new ChatwootException(401, body).Reason);

    private static string Of(Exception error) => ErrorText.Of(error, LocalesOf.English);
}
