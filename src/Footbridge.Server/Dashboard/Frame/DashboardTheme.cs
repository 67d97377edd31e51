using MudBlazor;

namespace Footbridge.Server.Dashboard.Frame;

/// <summary>Colours that keep 4.5:1 against what they stand on, and the system's own font: none is fetched.</summary>
internal static class DashboardTheme
{
    private static readonly string[] Fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0b6e63",
            Background = "#f6f7f8",
            Surface = "#ffffff",
            TextPrimary = "#1d2428",
            TextSecondary = "#55626a",
            Error = "#b3261e",
            Warning = "#8a5300",
            Success = "#1b6e3c",
            Info = "#1d5fa8",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#5fd0c0",
            PrimaryContrastText = "#06211d",
            Background = "#14191c",
            Surface = "#1d2428",
            TextPrimary = "#e6ebee",
            TextSecondary = "#a9b6bd",
            Error = "#ff8a80",
            ErrorContrastText = "#2b0805",
            Warning = "#ffb95c",
            Success = "#76d495",
            Info = "#8fc1ff",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = "0.95rem", LineHeight = "1.5" },
            Button = new ButtonTypography { FontFamily = Fonts, TextTransform = "none", FontSize = "0.9rem" },
        },
    };
}
