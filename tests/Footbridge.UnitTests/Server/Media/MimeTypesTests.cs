using Footbridge.Server.Media;

namespace Footbridge.UnitTests.Server.Media;

public sealed class MimeTypesTests
{
    [Theory]
    [InlineData("FFD8FFE000104A46", "image/jpeg")]
    [InlineData("89504E470D0A1A0A", "image/png")]
    [InlineData("474946383961", "image/gif")]
    [InlineData("52494646000000005745425056503820", "image/webp")]
    [InlineData("524946460000000057415645666D7420", "audio/wav")]
    [InlineData("255044462D312E37", "application/pdf")]
    [InlineData("000000206674797069736F6D", "video/mp4")]
    [InlineData("000000206674797071742020", "video/quicktime")]
    [InlineData("00000020667479704D344120", "audio/mp4")]
    [InlineData("4F6767530002", "audio/ogg")]
    [InlineData("494433040000", "audio/mpeg")]
    [InlineData("FFFB9064", "audio/mpeg")]
    [InlineData("504B030414", "application/zip")]
    [InlineData("68656C6C6F", null)]
    [InlineData("", null)]
    public void The_first_bytes_tell_what_a_file_is(string head, string? mimetype) => Assert.Equal(mimetype, MimeTypes.Detect(Convert.FromHexString(head)));

    [Fact]
    public void No_beginning_is_too_short_to_look_at()
    {
        foreach (var whole in new[] { "52494646000000005745425056503820", "000000206674797069736F6D", "1A45DFA30000", "424D000000000000000000" })
        {
            for (var length = 0; length <= whole.Length / 2; length++) MimeTypes.Detect(Convert.FromHexString(whole).AsSpan(0, length));
        }
    }

    [Theory]
    [InlineData("audio/ogg; codecs=opus", "oga")]
    [InlineData("IMAGE/JPEG", "jpeg")]
    [InlineData("application/was", "zip")]
    [InlineData("application/x-nobody-knows", "bin")]
    public void A_mimetype_has_an_extension(string mimetype, string extension) => Assert.Equal(extension, MimeTypes.ExtensionOf(mimetype));

    [Theory]
    [InlineData("image/png\r\nX-Evil: 1")]
    [InlineData("no mimetype")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_mimetype_does_not_get_into_a_header(string? given) => Assert.Equal(MimeTypes.Unknown, MimeTypes.Clean(given));

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\files\\offer.pdf", "offer.pdf")]
    [InlineData("a\r\nb\0.txt", "ab.txt")]
    [InlineData("Preisliste ü 🎉.pdf", "Preisliste ü 🎉.pdf")]
    [InlineData("/", null)]
    public void A_senders_name_for_a_file_keeps_only_what_a_name_may_be(string given, string? clean) => Assert.Equal(clean, MimeTypes.CleanName(given));

    [Fact]
    public void A_name_is_cut_between_characters_and_never_inside_one() =>
        Assert.All(MimeTypes.CleanName(string.Concat(Enumerable.Repeat("🎉", 300)))!.EnumerateRunes(), rune => Assert.Equal(0x1F389, rune.Value));
}
