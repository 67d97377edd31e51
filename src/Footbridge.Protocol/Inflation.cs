using System.IO.Compression;

namespace Footbridge.Protocol;

/// <summary>Inflates what others have compressed, up to a limit.</summary>
public static class Inflation
{
    private const int BufferBytes = 16 * 1024;
    private const int MebiByte = 1024 * 1024;

    /// <summary>All that an inflating stream gives.</summary>
    /// <param name="maxBytes">Whole MiB.</param>
    /// <param name="what">For the error: "a frame".</param>
    /// <exception cref="ProtocolException">It cannot be inflated, or is larger than <paramref name="maxBytes"/>.</exception>
    public static byte[] ReadAll(Stream inflating, int maxBytes, string what)
    {
        try
        {
            using var inflated = new MemoryStream();
            var buffer = new byte[BufferBytes];
            while (inflating.Read(buffer) is > 0 and var read)
            {
                if (inflated.Length + read > maxBytes) throw new ProtocolException($"{what} inflates to more than {maxBytes / MebiByte} MiB");
                inflated.Write(buffer, 0, read);
            }

            return inflated.ToArray();
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw new ProtocolException($"{what} cannot be inflated", e);
        }
    }

    /// <summary>Whether it says that the compressed bytes are at fault, and not the disk they lie on.</summary>
    // A stream that asks for a dictionary gives an IOException of the inflaters' own, whose type is not public.
    public static bool IsFailure(Exception error) => error is InvalidDataException || (error is IOException && error.GetType().Namespace == typeof(ZLibStream).Namespace);
}
