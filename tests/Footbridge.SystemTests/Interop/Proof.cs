using System.Collections.Concurrent;
using System.Reflection;
using Footbridge.Server.Api;
using Footbridge.SystemTests.Interop;
using Xunit.v3;

[assembly: ProofsAreKept]

namespace Footbridge.SystemTests.Interop;

/// <summary>Who wrote what the other one read.</summary>
internal enum Direction
{
    FromUs,
    ToUs,
}

/// <summary>What a test of another client has shown so far. It counts when the whole test passes, and is then held against the table in docs/compatibility.md.</summary>
internal static class Proof
{
    private static readonly ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> Shown = new(StringComparer.Ordinal);

    /// <summary>Call it behind the assertions that show it.</summary>
    /// <param name="feature">A row of the table.</param>
    /// <param name="client">The driver's name: <c>baileys</c>, <c>baileys6</c> or <c>zapo</c>.</param>
    public static void Record(string feature, string client, Direction direction)
    {
        var cell = InteropTable.CellOf(feature, client, direction == Direction.FromUs ? InteropTable.FromUs : InteropTable.ToUs);
        if (!ProofTable.Current.Cells().Contains(cell)) throw new ArgumentException($"the table has no cell '{cell}'");
        var test = TestContext.Current.Test ?? throw new InvalidOperationException("no test runs here");
        Shown.GetOrAdd(test.UniqueID, _ => new(StringComparer.Ordinal))[cell] = true;
    }

    public static void RecordBoth(string feature, string client)
    {
        Record(feature, client, Direction.FromUs);
        Record(feature, client, Direction.ToUs);
    }

    /// <summary>What a test has shown, sorted; it is forgotten with this.</summary>
    public static string[] TakeOf(string testId) => Shown.TryRemove(testId, out var cells) ? [.. cells.Keys.Order(StringComparer.Ordinal)] : [];
}

/// <summary>When a test has passed, what it has shown is what the table says of it; with FOOTBRIDGE_WRITE_INTEROP=1 it is written there instead.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class ProofsAreKeptAttribute : BeforeAfterTestAttribute
{
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        var shown = Proof.TakeOf(test.UniqueID);
        if (TestContext.Current.TestState?.Result != TestResult.Passed) return;
        var name = ProofTable.NameOf(test.TestMethod.TestClass.Class, methodUnderTest, test.TestMethodArguments);
        if (ProofTable.IsWritten) ProofTable.Write(name, shown);
        else if (!ProofTable.Of(name).SequenceEqual(shown)) throw new InvalidOperationException(ProofTable.Difference(name, shown));
    }
}
