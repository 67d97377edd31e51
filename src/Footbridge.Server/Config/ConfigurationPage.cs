using System.Globalization;
using System.Text;

namespace Footbridge.Server.Config;

/// <summary>docs/configuration.md, made from the table of settings.</summary>
internal static class ConfigurationPage
{
    public static string Render()
    {
        var page = new StringBuilder("# Configuration\n\nEnvironment variables. An empty value counts as not set; a value that cannot be read stops the start with its name.\n");
        page.Append("This page is made by `dotnet run --project src/Footbridge.Server -- configuration`; a test holds it to the code.\n\n| variable | default | meaning |\n|---|---|---|\n");
        foreach (var setting in Settings.All) page.Append(CultureInfo.InvariantCulture, $"| `{setting.Name}` | {(setting.Default.Length == 0 ? "" : $"`{setting.Default}`")} | {setting.Meaning} |\n");
        return page.ToString();
    }
}
