using Footbridge.Server.Dashboard.Access;
using Footbridge.Server.Security;
using Microsoft.AspNetCore.Components;

namespace Footbridge.Server.Dashboard.Frame;

/// <summary>A page that shows one reading and keeps it fresh while it is open.</summary>
/// <typeparam name="T">The reading.</typeparam>
public abstract class LivePage<T> : ComponentBase, IDisposable
    where T : class
{
    private IDisposable? _watch;
    private string? _topic;

    /// <summary>The newest reading; null before the first, or when there is nothing to read.</summary>
    protected T? Value { get; private set; }

    /// <summary>Why there is no newer reading.</summary>
    protected string? Problem { get; private set; }

    /// <summary>Whether who looks may act as well.</summary>
    protected bool CanAct => Visitor.CanAct;

    private protected Visitor Visitor { get; private set; } = new("nobody", CanAct: false);

    /// <summary>The same for the same reading, whoever looks.</summary>
    protected abstract string Topic { get; }

    /// <summary>How often it is read; readings that cost more are taken less often.</summary>
    protected virtual TimeSpan Every => Feed.Interval;

    [Inject] private Feed Feed { get; set; } = null!;

    [Inject] private Person Person { get; set; } = null!;

    public void Dispose()
    {
        _watch?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The way to read, with everything in it that this page has been asked for.</summary>
    protected abstract Func<CancellationToken, Task<T>> Reader();

    protected override async Task OnInitializedAsync() => Visitor = await Person.WhoAsync();

    protected override async Task OnParametersSetAsync()
    {
        if (_topic == Topic) return;
        _topic = Topic;
        _watch?.Dispose();
        var read = Reader();
        await ReadFirstAsync(read);
        if (RendererInfo.IsInteractive) _watch = Feed.Watch(_topic, Every, read, ShowAsync);
    }

    /// <summary>Shows at once what an action has changed, here and on every other open page.</summary>
    protected Task RefreshAsync() => Feed.RefreshAsync();

    private async Task ReadFirstAsync(Func<CancellationToken, Task<T>> read)
    {
        try
        {
            (Value, Problem) = (await read(CancellationToken.None), null);
        }
        catch (Exception e)
        {
            // The store is away: the page says so, and shows more as soon as a reading succeeds.
            (Value, Problem) = (null, e.Message);
        }
    }

    private Task ShowAsync(T? value, string? problem) => InvokeAsync(() =>
    {
        (Value, Problem) = (value ?? Value, problem);
        StateHasChanged();
    });
}
