namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>Commands that unlink the account and that show its codes; apart from the others, because the account forgets its past with it.</summary>
internal static class UnlinkingRows
{
    public static IReadOnlyDictionary<string, Func<Row, Task>> All { get; } = new Dictionary<string, Func<Row, Task>>(StringComparer.Ordinal)
    {
        ["05-logout"] = row => LogsOutAsync(row, "logout"),
        ["05-logout-short"] = row => LogsOutAsync(row, "5"),
        ["06-qr"] = row => LogsOutAsync(row, "logout", "qr", "6"),
        ["07-screenshot"] = row => LogsOutAsync(row, "logout", "screenshot", "7"),
    };

    /// <summary>Unlinked, and linked again at the end.</summary>
    private static async Task LogsOutAsync(Row row, string logout, params string[] commands)
    {
        await row.CommandAsync(logout);
        await row.World.WaitStatusAsync("shop", "SCAN_QR_CODE", row.Ct);
        foreach (var command in commands) await row.CommandAsync(command);
        await row.FinishCommandsAsync();
        await row.World.PairAsync("shop", row.Shop, row.Ct);
    }
}
