namespace Footbridge.Bench.Jobs;

/// <summary>Medians over the rounds, and each broker's ratio to BullMQ's of the same measure.</summary>
internal sealed class JobsTable
{
    private readonly List<string> _measures = [];
    private readonly List<string> _brokers = [];
    private readonly Dictionary<(string Measure, string Broker), List<double>> _values = [];

    public void Add(string measure, string broker, double value)
    {
        if (!_measures.Contains(measure)) _measures.Add(measure);
        if (!_brokers.Contains(broker)) _brokers.Add(broker);
        if (!_values.TryGetValue((measure, broker), out var values)) _values[(measure, broker)] = values = [];
        values.Add(value);
    }

    public void Print()
    {
        Console.WriteLine($"| measure | {string.Join(" | ", _brokers)} |");
        Console.WriteLine($"|---|{string.Concat(_brokers.Select(_ => "--:|"))}");
        foreach (var measure in _measures) Console.WriteLine($"| {measure} | {string.Join(" | ", _brokers.Select(broker => Cell(measure, broker)))} |");
    }

    private string Cell(string measure, string broker)
    {
        if (Median(measure, broker) is not { } own) return "-";
        var text = own >= 100 ? $"{own:N0}" : $"{own:F2}";
        return broker == _brokers[0] || Median(measure, _brokers[0]) is not { } other ? text : $"{text} ({own / other:F2}x)";
    }

    private double? Median(string measure, string broker) =>
        _values.TryGetValue((measure, broker), out var values) ? values.Order().ElementAt(values.Count / 2) : null;
}
