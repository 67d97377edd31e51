using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Footbridge.Server.Api;

/// <summary>What the interop tests have proven: which feature crosses between the engine and which npm client, and in which direction.</summary>
/// <remarks>
/// The file beside this one (interop.json) is written by the tests in <c>tests/Footbridge.SystemTests/Interop</c>: clients, features and notes by hand,
/// proofs by the tests that passed. A cell is <c>feature/client/direction</c>; the direction is <see cref="FromUs"/> or <see cref="ToUs"/>.
/// </remarks>
/// <param name="Clients">Driver names and what the columns are called.</param>
/// <param name="Features">The rows, in their order.</param>
/// <param name="Notes">For cells that no test proves: why.</param>
/// <param name="Proofs">The cells that each test proves.</param>
internal sealed record InteropTable(
    SortedDictionary<string, string> Clients, IReadOnlyList<string> Features, SortedDictionary<string, string> Notes, SortedDictionary<string, string[]> Proofs)
{
    public const string FromUs = "from us";
    public const string ToUs = "to us";
    private const string Resource = "interop.json";

    private static readonly InteropJson Json = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The table this assembly was built with.</summary>
    public static InteropTable Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is not in the assembly");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    public static InteropTable Parse(string json)
    {
        var table = JsonSerializer.Deserialize(json, Json.InteropTable) ?? throw new InvalidOperationException($"{Resource} is empty");
        return table with { Clients = Sorted(table.Clients), Notes = Sorted(table.Notes), Proofs = Sorted(table.Proofs) };
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json.InteropTable) + "\n";

    public static string CellOf(string feature, string client, string direction) => $"{feature}/{client}/{direction}";

    /// <summary>Every cell the table has, row by row.</summary>
    public IEnumerable<string> Cells() =>
        from feature in Features
        from client in Clients.Keys
        from direction in Directions
        select CellOf(feature, client, direction);

    /// <summary>The table in Markdown; cells that are not proven lead to a numbered note.</summary>
    public string Render()
    {
        var proven = Proofs.Values.SelectMany(cells => cells).ToHashSet(StringComparer.Ordinal);
        var notes = new List<string>();
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"| feature | {string.Join(" | ", Clients.Values.Select(name => $"{name} reads ours | we read {name}"))} |\n");
        page.Append(CultureInfo.InvariantCulture, $"|---|{string.Concat(Enumerable.Repeat("---|", Clients.Count * Directions.Length))}\n");
        foreach (var feature in Features)
        {
            var cells = Clients.Keys.SelectMany(client => Directions.Select(direction => CellOf(feature, client, direction)));
            page.Append(CultureInfo.InvariantCulture, $"| {feature} | {string.Join(" | ", cells.Select(cell => proven.Contains(cell) ? "yes" : Unproven(cell, notes)))} |\n");
        }

        page.Append('\n');
        for (var i = 0; i < notes.Count; i++) page.Append(CultureInfo.InvariantCulture, $"{i + 1}. {notes[i]}\n");
        return page.ToString();
    }

    /// <summary>In an order that no culture changes.</summary>
    private static SortedDictionary<string, T> Sorted<T>(SortedDictionary<string, T> entries) => new(entries, StringComparer.Ordinal);

    private static string[] Directions { get; } = [FromUs, ToUs];

    private string Unproven(string cell, List<string> notes)
    {
        var note = Notes.GetValueOrDefault(cell, "not proven yet");
        if (!notes.Contains(note)) notes.Add(note);
        return string.Create(CultureInfo.InvariantCulture, $"— ({notes.IndexOf(note) + 1})");
    }
}

[JsonSerializable(typeof(InteropTable))]
internal sealed partial class InteropJson : JsonSerializerContext;
