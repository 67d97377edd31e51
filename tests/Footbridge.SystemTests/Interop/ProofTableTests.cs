using System.Reflection;
using Footbridge.Server.Api;
using Xunit.Sdk;
using Xunit.v3;

namespace Footbridge.SystemTests.Interop;

/// <summary>The table of what crosses between clients says nothing that no test says.</summary>
public sealed class ProofTableTests
{
    [Fact]
    public async Task Every_proof_in_the_table_is_of_a_test_that_there_is()
    {
        await using var disposals = new DisposalTracker();
        var tests = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (type, method) in Methods())
        {
            if (method.GetCustomAttribute<TheoryAttribute>() is null) tests.Add(ProofTable.NameOf(type, method, []));
            foreach (var data in method.GetCustomAttributes().OfType<IDataAttribute>())
            {
                foreach (var row in await data.GetData(method, disposals)) tests.Add(ProofTable.NameOf(type, method, row.GetData()));
            }
        }

        Assert.Empty(ProofTable.Current.Proofs.Keys.Except(tests));
    }

    [Fact]
    public void Every_cell_is_either_proven_or_says_why_not()
    {
        var table = ProofTable.Current;
        var proven = table.Proofs.Values.SelectMany(cells => cells).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(proven.Except(table.Cells()));
        Assert.Empty(table.Notes.Keys.Except(table.Cells()));
        Assert.Empty(table.Notes.Keys.Intersect(proven));
        Assert.Empty(table.Cells().Except(proven).Except(table.Notes.Keys));
    }

    [Fact]
    public void The_server_has_the_table_of_the_repository()
    {
        Assert.SkipWhen(ProofTable.IsWritten, "the table is being written");
        Assert.Equal(ProofTable.Current.ToJson(), InteropTable.Load().ToJson());
    }

    private static IEnumerable<(Type Type, MethodInfo Method)> Methods() =>
        from type in typeof(ProofTableTests).Assembly.GetTypes()
        where !type.IsAbstract && type.Namespace == typeof(ProofTableTests).Namespace
        from method in type.GetMethods()
        where method.GetCustomAttribute<FactAttribute>() is not null
        select (type, method);
}
