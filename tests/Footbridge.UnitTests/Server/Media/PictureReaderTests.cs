using System.Buffers.Binary;
using Footbridge.Server.Media;
using SkiaSharp;

namespace Footbridge.UnitTests.Server.Media;

public sealed class PictureReaderTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void A_picture_has_a_size_and_a_small_copy(SKEncodedImageFormat format)
    {
        var facts = Read(Draw(1200, 300, format))!.Value;
        Assert.Equal((1200u, 300u), (facts.Width, facts.Height));
        using var thumbnail = SKBitmap.Decode(facts.Thumbnail);
        Assert.Equal((96, 24), (thumbnail.Width, thumbnail.Height));
        Assert.Equal("image/jpeg", MimeTypes.Detect(facts.Thumbnail));
        Assert.True(IsRed(thumbnail.GetPixel(5, 12)) && !IsRed(thumbnail.GetPixel(90, 12)));
    }

    [Theory]
    [InlineData(1, 40, 20, 2, 10)]
    [InlineData(2, 40, 20, 37, 10)]
    [InlineData(3, 40, 20, 37, 10)]
    [InlineData(4, 40, 20, 2, 10)]
    [InlineData(5, 20, 40, 10, 2)]
    [InlineData(6, 20, 40, 10, 2)]
    [InlineData(7, 20, 40, 10, 37)]
    [InlineData(8, 20, 40, 10, 37)]
    public void A_turned_photograph_is_seen_upright(ushort orientation, int width, int height, int redX, int redY)
    {
        var facts = Read(Turned(Draw(40, 20, SKEncodedImageFormat.Jpeg), orientation))!.Value;
        Assert.Equal(((uint)width, (uint)height), (facts.Width, facts.Height));
        using var thumbnail = SKBitmap.Decode(facts.Thumbnail);
        Assert.Equal((width, height), (thumbnail.Width, thumbnail.Height));
        Assert.True(IsRed(thumbnail.GetPixel(redX, redY)));
        Assert.False(IsRed(thumbnail.GetPixel(width - 1 - redX, height - 1 - redY)));
    }

    [Fact]
    public void What_is_no_picture_or_broken_or_huge_is_left_to_others()
    {
        Assert.Null(Read([]));
        Assert.Null(Read([.. "%PDF-1.7 "u8]));
        Assert.Null(Read(Draw(400, 400, SKEncodedImageFormat.Png)[..200]));
        Assert.Null(Read(Draw(4000, 3000, SKEncodedImageFormat.Png)));
        Assert.NotNull(Read(Draw(4000, 3000, SKEncodedImageFormat.Jpeg)));
    }

    private static bool IsRed(SKColor color) => color.Red > 150 && color.Blue < 100;

    /// <summary>The left half red, the rest blue.</summary>
    private static byte[] Draw(int width, int height, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.Blue);
        bitmap.Erase(SKColors.Red, new(0, 0, width / 2, height));
        using var encoded = bitmap.Encode(format, 90);
        return encoded.ToArray();
    }

    /// <summary>The same JPEG with an Exif segment that holds the orientation alone.</summary>
    private static byte[] Turned(byte[] jpeg, ushort orientation)
    {
        byte[] tiff = [.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        byte[] exif = [.. "Exif\0\0"u8, .. tiff];
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(exif.Length + 2));
        return [.. jpeg[..2], 0xFF, 0xE1, .. length, .. exif, .. jpeg[2..]];
    }

    private PictureFacts? Read(byte[] bytes)
    {
        File.WriteAllBytes(_path, bytes);
        return PictureReader.Read(_path);
    }
}
