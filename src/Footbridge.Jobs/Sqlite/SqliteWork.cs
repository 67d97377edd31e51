using Microsoft.Data.Sqlite;

namespace Footbridge.Jobs.Sqlite;

/// <summary>One write waiting for its turn; its task ends when the transaction it ran in has.</summary>
internal abstract class SqliteWork
{
    /// <summary>Runs the write; false when it threw and has to be undone.</summary>
    public abstract bool Run(SqliteConnection connection);

    public abstract void Complete();

    public abstract void Fail(Exception error);
}

internal sealed class SqliteWork<T>(Func<SqliteConnection, T> work, CancellationToken ct) : SqliteWork
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _error;
    private bool _isCanceled;

    public Task<T> Task => _done.Task;

    public override bool Run(SqliteConnection connection)
    {
        if (ct.IsCancellationRequested)
        {
            _isCanceled = true;
            return true;
        }

        try
        {
            _result = work(connection);
            return true;
        }
        catch (Exception e)
        {
            _error = e;
            return false;
        }
    }

    public override void Complete()
    {
        if (_isCanceled) _done.SetCanceled(ct);
        else if (_error is null) _done.SetResult(_result!);
        else _done.SetException(_error);
    }

    public override void Fail(Exception error)
    {
        if (_isCanceled) _done.SetCanceled(ct);
        else _done.SetException(_error ?? error);
    }
}
