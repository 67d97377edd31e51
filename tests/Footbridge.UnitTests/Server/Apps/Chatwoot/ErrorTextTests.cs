using Footbridge.Engine.Messages;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Sessions;

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
        ErrorText.Of(SessionNotWorkingException.InState("default", "STOPPED")));

    [Fact]
    public void A_refused_message_is_shown_with_the_body_of_the_api_whatever_the_broker_wrapped_it_in() => Assert.StartsWith(
        "API Error: not on WhatsApp\nData: {\n  \"statusCode\": 422,",
        ErrorText.Of(new PermanentJobException("x", new SendFailedException("not on WhatsApp"))),
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
        ErrorText.Of(new PermanentJobException("x", new ChatwootException(422, """{"error":"não <é> válido"}"""))));

    [Fact]
    public void A_body_that_is_no_json_is_shown_as_it_is_and_cannot_end_the_code_block()
    {
        var text = ErrorText.Of(new ChatwootException(404, "<html>```</html>"));
        Assert.EndsWith("Body: <html>'''</html>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Anything_else_is_its_message_and_its_first_line_the_short_form()
    {
        Assert.Equal("one\ntwo", ErrorText.Of(new InvalidOperationException("one\ntwo")));
        Assert.Equal("one", ErrorText.Short(new RetryAfterException(TimeSpan.Zero, "y", new InvalidOperationException("one\ntwo"))));
    }

    [Fact]
    public void The_note_holds_header_tries_link_and_error() => Assert.Equal(
        "⚠️ **The message could not be sent to WhatsApp.**\n❌ No tries left\nAttempt: 3 / 3\nDetails: [inbox | message_created => job_7](http://localhost:3000/jobs/queue/q/job_7)\n\n```\nbad\n```",
        Texts.Error(Texts.SendingFailed, 3, 3, "inbox | message_created => job_7", "http://localhost:3000/jobs/queue/q/job_7", "bad"));

    [Theory]
    [InlineData("""{"error":"Invalid Access Token"}""", "Invalid Access Token")]
    [InlineData("""{"message":"Phone number is invalid","attributes":["phone_number"]}""", "Phone number is invalid")]
    [InlineData("""{"errors":["You need to sign in"]}""", "You need to sign in")]
    [InlineData("""{"secret":"of another service"}""", "")]
    [InlineData("root:x:0:0", "")]
    [InlineData("[1]", "")]
    public void Only_chatwoots_own_words_are_passed_on_to_the_api(string body, string reason) => Assert.Equal(reason, new ChatwootException(401, body).Reason);
}
