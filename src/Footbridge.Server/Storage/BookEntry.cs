namespace Footbridge.Server.Storage;

/// <summary>One line for the ledger: a delivery's end, or something that happened to it on its way. One of the two is set.</summary>
internal sealed record BookEntry(long At, Settlement? End, BookHop? Hop);

/// <summary>Something that happened to a delivery on its way.</summary>
internal sealed record BookHop(string Job, string Kind, int? Attempt, string? Text);

/// <summary>Where lines for the ledger are written: the database, or over HTTP the process that has it.</summary>
internal interface IBookKeeper
{
    Task WriteAsync(IReadOnlyList<BookEntry> entries, CancellationToken ct);
}
