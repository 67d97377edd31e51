using System.Text;
using Footbridge.Server.Dashboard.Jobs;

namespace Footbridge.UnitTests.Server.Dashboard;

public sealed class PayloadMaskTests
{
    [Theory]
    [InlineData("""{"content":"Hello Ana"}""", "Hello")]
    [InlineData("""{"sender":{"name":"Ana Example"}}""", "Ana")]
    [InlineData("""{"phone_number":"+5511900000001"}""", "900000001")]
    [InlineData("""{"phone":5511900000001}""", "900000001")]
    [InlineData("""{"id":"false_5511900000001@c.us_3EB0ABCDEF0123456789"}""", "900000001")]
    [InlineData("""{"id":"5511900000001@s.whatsapp.net"}""", "900000001")]
    [InlineData("""{"5511900000001@c.us":true}""", "900000001")]
    [InlineData("""{"source_id":"+55 https://cw.example/rails/x?token=abcdef"}""", "abcdef")]
    [InlineData("""{"data_url":"https://cw.example/rails/blobs/secret/file.jpg?token=abcdef"}""", "secret")]
    [InlineData("""{"a":[["deep","words"]]}""", "words")]
    [InlineData("words that are not JSON", "words")]
    public void What_people_wrote_and_who_they_are_is_not_shown(string payload, string secret)
    {
        Assert.DoesNotContain(secret, PayloadMask.Mask(Encoding.UTF8.GetBytes(payload)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"event":"message_created"}""", "message_created")]
    [InlineData("""{"id":123456789}""", "123456789")]
    [InlineData("""{"created_at":1790000000}""", "1790000000")]
    [InlineData("""{"id":"evt_01j00000000000000000000000"}""", "evt_01j00000000000000000000000")]
    [InlineData("""{"id":"3EB0123456789ABCDEF0"}""", "3EB0123456789ABCDEF0")]
    [InlineData("""{"fromMe":true,"nothing":null}""", "true")]
    [InlineData("""{"data_url":"https://cw.example/rails/blobs/x"}""", "https://cw.example/…")]
    public void What_a_support_person_needs_is_shown(string payload, string shown)
    {
        Assert.Contains(shown, PayloadMask.Mask(Encoding.UTF8.GetBytes(payload)), StringComparison.Ordinal);
    }

    [Fact]
    public void Revealed_it_is_whole() => Assert.Contains("Olá Ana", PayloadMask.Reveal(Encoding.UTF8.GetBytes("""{"content":"Olá Ana"}""")), StringComparison.Ordinal);
}
