using System.Globalization;
using Footbridge.Simulator.Control;

namespace Footbridge.Simulator;

/// <summary>Simulators on fixed ports, driven over HTTP.</summary>
internal sealed record ServeCommand(int WhatsAppPort, int ChatwootPort, int ControlPort, IReadOnlyList<(string Number, string? Name)> Accounts);

/// <summary>Simulators and the product, wired together, with a page to play with them.</summary>
internal sealed record DemoCommand(string Product, int Port, int ProductPort);

/// <summary>The arguments cannot be understood.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>What was asked for on the command line.</summary>
internal static class CommandLine
{
    public const string Usage = """
        usage: Footbridge.Simulator serve [options]   simulated WhatsApp and Chatwoot, for your own tests
               Footbridge.Simulator demo  [options]   both, wired to Footbridge, with a page to play with them

        serve
          --whatsapp-port N        port of the simulated WhatsApp (4001; 0 takes a free one)
          --chatwoot-port N        port of the simulated Chatwoot (4002; 0 takes a free one)
          --control-port N         port of the HTTP API that plays customers and agents (4000; 0 takes a free one)
          --account NUMBER[:NAME]  an account with a phone; may be given many times

        demo
          --product FILE           Footbridge.Server.dll (required)
          --port N                 port of the page (3001; 0 takes a free one)
          --product-port N         port of Footbridge (3000; 0 takes a free one)

        Everything listens on 127.0.0.1 only. Ctrl-C stops it.
        """;

    private static readonly string[] ServeOptions = ["--whatsapp-port", "--chatwoot-port", "--control-port", "--account"];
    private static readonly string[] DemoOptions = ["--product", "--port", "--product-port"];

    /// <summary>A command, or null when help was asked for.</summary>
    /// <exception cref="UsageException">The arguments make no sense; the message says which.</exception>
    public static object? Parse(string[] args)
    {
        if (args.Length == 0) throw new UsageException("say what to do: serve or demo");
        if (args.Any(arg => arg is "--help" or "-h" or "help")) return null;
        return args[0] switch
        {
            "serve" => Serve(Options(args, ServeOptions)),
            "demo" => Demo(Options(args, DemoOptions)),
            _ => throw new UsageException($"'{args[0]}' is neither serve nor demo"),
        };
    }

    private static ServeCommand Serve(ILookup<string, string> options) => new(
        Port(options, "--whatsapp-port", 4001), Port(options, "--chatwoot-port", 4002), Port(options, "--control-port", 4000),
        [.. options["--account"].Select(Account)]);

    private static DemoCommand Demo(ILookup<string, string> options)
    {
        var product = Once(options, "--product") ?? throw new UsageException("demo needs --product with the path of Footbridge.Server.dll");
        if (!File.Exists(product)) throw new UsageException($"--product: there is no file {product}");
        return new(Path.GetFullPath(product), Port(options, "--port", 3001), Port(options, "--product-port", 3000));
    }

    private static ILookup<string, string> Options(string[] args, string[] known)
    {
        var pairs = new List<(string Name, string Value)>();
        for (var i = 1; i < args.Length; i += 2)
        {
            if (!known.Contains(args[i], StringComparer.Ordinal)) throw new UsageException($"{args[0]} has no option {args[i]}");
            if (i + 1 == args.Length) throw new UsageException($"{args[i]} needs a value");
            pairs.Add((args[i], args[i + 1]));
        }

        return pairs.ToLookup(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
    }

    private static string? Once(ILookup<string, string> options, string name) => options[name].Count() switch
    {
        0 => null,
        1 => options[name].First(),
        _ => throw new UsageException($"{name} is given more than once"),
    };

    private static int Port(ILookup<string, string> options, string name, int standard)
    {
        if (Once(options, name) is not { } text) return standard;
        var isPort = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535;
        return isPort ? port : throw new UsageException($"{name}: '{text}' is not a port (0 to 65535)");
    }

    private static (string Number, string? Name) Account(string text)
    {
        var parts = text.Split(':', 2);
        if (!SimulatedWorld.IsNumber(parts[0])) throw new UsageException($"--account: '{parts[0]}' is not a phone number of 7 to 15 digits");
        return (parts[0], parts.Length == 2 && parts[1].Length > 0 ? parts[1] : null);
    }
}
