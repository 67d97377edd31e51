using System.Text.Json;

namespace Footbridge.UnitTests;

/// <summary>Golden bytes from tests/vectors; each file names its source.</summary>
internal static class Vectors
{
    public static JsonElement Load(string file)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "vectors", file));
        using var json = JsonDocument.Parse(stream);
        return json.RootElement.Clone();
    }

    public static JsonElement WhatsApp(string section) => Load("wa-vectors.json").GetProperty(section);

    public static byte[] Hex(this JsonElement element, string property) => Convert.FromHexString(element.GetProperty(property).GetString()!);
}
