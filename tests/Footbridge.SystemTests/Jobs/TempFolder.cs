namespace Footbridge.SystemTests.Jobs;

/// <summary>A folder of its own for one test, removed when the test's process ends.</summary>
internal sealed class TempFolder
{
    public TempFolder() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove();

    public string FullName { get; } = Directory.CreateTempSubdirectory("footbridge-jobs-").FullName;

    public string File(string name) => Path.Combine(FullName, name);

    private void Remove()
    {
        if (Directory.Exists(FullName)) Directory.Delete(FullName, recursive: true);
    }
}
