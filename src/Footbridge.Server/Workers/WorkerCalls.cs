using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Footbridge.Server.Workers;

/// <summary>Some of the calls that a worker may make; the other side of a Remote… class.</summary>
internal interface IWorkerCallSet
{
    void AddTo(WorkerCallTable table);
}

/// <summary>What a worker may ask of the process that has the database and the sessions, by name.</summary>
internal sealed class WorkerCallTable
{
    private readonly Dictionary<string, Func<WorkerArguments, CancellationToken, Task<JsonNode?>>> _calls = new(StringComparer.Ordinal);

    public WorkerCallTable(IEnumerable<IWorkerCallSet> sets)
    {
        foreach (var set in sets) set.AddTo(this);
    }

    /// <exception cref="KeyNotFoundException">There is no such call.</exception>
    public Task<JsonNode?> RunAsync(string name, JsonArray arguments, CancellationToken ct) =>
        _calls.TryGetValue(name, out var call) ? call(new(arguments), ct) : throw new KeyNotFoundException(name);

    public void Add(string name, Func<WorkerArguments, CancellationToken, Task<JsonNode?>> call) => _calls.Add(name, call);

    public void Add(string name, Func<WorkerArguments, CancellationToken, Task> call) => _calls.Add(name, async (arguments, ct) =>
    {
        await call(arguments, ct);
        return null;
    });

    public static JsonNode? Node<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToNode(value, type);
}

/// <summary>A call's arguments by their place; a wrong one is an <see cref="InvalidOperationException"/>.</summary>
internal readonly struct WorkerArguments(JsonArray values)
{
    public string Text(int place) => At(place)!.GetValue<string>();

    public bool Flag(int place) => At(place)!.GetValue<bool>();

    public long Number(int place) => At(place)!.GetValue<long>();

    public string? TextOrNull(int place) => At(place)?.GetValue<string>();

    public long? NumberOrNull(int place) => At(place)?.GetValue<long>();

    public T Read<T>(int place, JsonTypeInfo<T> type) => At(place).Deserialize(type)!;

    private JsonNode? At(int place) => place < values.Count ? values[place] : throw new InvalidOperationException($"argument {place} is missing");
}
