using System.Globalization;
using System.Reflection;
using Footbridge.Server.Api;

namespace Footbridge.SystemTests.Interop;

/// <summary>The checked-in table of what the interop tests prove, and its writer.</summary>
internal static class ProofTable
{
    private static readonly Lock Gate = new();
    private static InteropTable _current = InteropTable.Parse(File.ReadAllText(FilePath));

    public static InteropTable Current
    {
        get
        {
            lock (Gate) return _current;
        }
    }

    /// <summary>Whether this run writes the table anew, instead of being held to it.</summary>
    public static bool IsWritten { get; } = Environment.GetEnvironmentVariable("FOOTBRIDGE_WRITE_INTEROP") == "1";

    private static string FilePath => Path.Combine(Repository.Root, "src/Footbridge.Server/Api/interop.json");

    /// <summary>The test as the table calls it: class, method and arguments.</summary>
    public static string NameOf(Type testClass, MethodInfo method, IEnumerable<object?> arguments)
    {
        var given = string.Join(", ", arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture)));
        return $"{testClass.Name}.{method.Name}" + (given.Length == 0 ? "" : $"({given})");
    }

    public static string[] Of(string test) => Current.Proofs.GetValueOrDefault(test, []);

    public static string Difference(string test, string[] shown) =>
        $"{test} shows [{string.Join("; ", shown)}] and the table says [{string.Join("; ", Of(test))}]; run the interop tests with FOOTBRIDGE_WRITE_INTEROP=1 to write it";

    /// <summary>Puts what a test has shown in place of what the table said of it.</summary>
    public static void Write(string test, string[] shown)
    {
        lock (Gate)
        {
            if (Of(test).SequenceEqual(shown)) return;
            var proofs = new SortedDictionary<string, string[]>(_current.Proofs, StringComparer.Ordinal);
            if (shown.Length == 0) proofs.Remove(test);
            else proofs[test] = shown;
            _current = _current with { Proofs = proofs };
            File.WriteAllText(FilePath, _current.ToJson());
        }
    }
}
