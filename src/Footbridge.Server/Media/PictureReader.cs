using SkiaSharp;

namespace Footbridge.Server.Media;

/// <summary>What a picture's message says of it.</summary>
/// <param name="Width">As it is seen, after the turn that the file asks for.</param>
/// <param name="Thumbnail">A JPEG of at most 96 pixels a side.</param>
internal readonly record struct PictureFacts(uint Width, uint Height, byte[] Thumbnail);

/// <summary>Reads pictures in this process: a tool started for each of them costs thirty times the time.</summary>
internal static class PictureReader
{
    private const int Side = 96;
    private const int Quality = 60;

    /// <summary>Pixels held while reading, four bytes each; a larger picture is left to ffmpeg.</summary>
    private const int MaxPixels = 8 * 1024 * 1024;

    /// <returns>Null for a file that is no picture, is broken, or takes too much memory here.</returns>
    public static PictureFacts? Read(string path)
    {
        using var codec = SKCodec.Create(path);
        if (codec is null || codec.Info is not { Width: > 0, Height: > 0 } info) return null;
        // A JPEG is read at an eighth of its size at no cost; others have one size.
        var size = codec.GetScaledDimensions(Math.Min(1f, 2f * Side / Math.Max(info.Width, info.Height)));
        if ((long)size.Width * size.Height > MaxPixels) return null;
        using var pixels = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        if (codec.GetPixels(pixels.Info, pixels.GetPixels()) != SKCodecResult.Success) return null;
        var isTurned = codec.EncodedOrigin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var (width, height) = isTurned ? (info.Height, info.Width) : (info.Width, info.Height);
        return new((uint)width, (uint)height, Shrink(pixels, codec.EncodedOrigin, isTurned));
    }

    private static byte[] Shrink(SKBitmap pixels, SKEncodedOrigin origin, bool isTurned)
    {
        var (width, height) = isTurned ? (pixels.Height, pixels.Width) : (pixels.Width, pixels.Height);
        var scale = Math.Min(1f, (float)Side / Math.Max(width, height));
        using var small = new SKBitmap(new SKImageInfo(Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)), SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(small);
        canvas.Clear(SKColors.White);
        canvas.Scale((float)small.Width / width, (float)small.Height / height);
        canvas.Concat(Turn(origin, pixels.Width, pixels.Height));
        using var image = SKImage.FromBitmap(pixels);
        canvas.DrawImage(image, 0, 0, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var encoded = small.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return encoded.ToArray();
    }

    /// <summary>From where the pixels lie to where they are seen. Source: TIFF 6.0, tag Orientation.</summary>
    private static SKMatrix Turn(SKEncodedOrigin origin, float width, float height) => origin switch
    {
        SKEncodedOrigin.TopRight => new(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new(0, -1, height, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new(0, -1, height, -1, 0, width, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new(0, 1, 0, -1, 0, width, 0, 0, 1),
        _ => SKMatrix.Identity,
    };
}
