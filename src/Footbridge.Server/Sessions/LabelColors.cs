namespace Footbridge.Server.Sessions;

/// <summary>WhatsApp's palette of label colors, by the index that travels. Source: WAHA's documentation of labels.</summary>
internal static class LabelColors
{
    private static readonly string[] Palette =
    [
        "#ff9485", "#64c4ff", "#ffd429", "#dfaef0", "#99b6c1", "#55ccb3", "#ff9dff", "#d3a91d", "#6d7cce", "#d7e752",
        "#00d0e2", "#ffc5c7", "#93ceac", "#f74848", "#00a0f2", "#83e422", "#ffaf04", "#b5ebff", "#9ba6ff", "#9368cf",
    ];

    public static int Count => Palette.Length;

    /// <summary>The color as hex; an index that a later version of WhatsApp added is shown as one of those there are.</summary>
    public static string Hex(int color) => Palette[(color % Palette.Length + Palette.Length) % Palette.Length];

    /// <summary>The index of a hex color in any case, or null when it is none of the palette's.</summary>
    public static int? Find(string hex) => Array.FindIndex(Palette, c => c.Equals(hex, StringComparison.OrdinalIgnoreCase)) is >= 0 and var index ? index : null;
}
