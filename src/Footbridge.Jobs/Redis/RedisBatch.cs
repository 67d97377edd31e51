namespace Footbridge.Jobs.Redis;

/// <summary>Sends what is handed in while another group is on its way as one group: one trip and one script for many callers.</summary>
/// <remarks>Alone, a request goes out at once. Groups keep the order of arrival.</remarks>
/// <param name="send">Must give as many results as it is given requests.</param>
/// <param name="weigh">A request's share of <paramref name="room"/>; a group always holds at least one.</param>
/// <param name="groups">On their way at the same time; 1 keeps their effects in order too.</param>
internal sealed class RedisBatch<TRequest, TResult>(
    Func<IReadOnlyList<TRequest>, Task<IReadOnlyList<TResult>>> send, Func<TRequest, int> weigh, int room, int groups)
{
    private readonly Lock _gate = new();
    private readonly Queue<Waiting> _waiting = new();
    private int _onTheirWay;

    public async Task<TResult> AddAsync(TRequest request) => (await AddAsync([request]))[0];

    /// <summary>All of them in this order. After an error a first part may have been carried out, and nothing behind it.</summary>
    public async Task<IReadOnlyList<TResult>> AddAsync(IReadOnlyList<TRequest> requests)
    {
        var waiting = new Waiting[requests.Count];
        for (var i = 0; i < waiting.Length; i++) waiting[i] = new Waiting(requests[i]);
        bool isFree;
        lock (_gate)
        {
            foreach (var one in waiting) _waiting.Enqueue(one);
            isFree = waiting.Length > 0 && _onTheirWay < groups;
            if (isFree) _onTheirWay++;
        }

        if (isFree) _ = SendAllAsync();
        return await Task.WhenAll(waiting.Select(one => one.Done.Task));
    }

    private async Task SendAllAsync()
    {
        while (TakeGroup() is { Count: > 0 } group)
        {
            try
            {
                var results = await send([.. group.Select(one => one.Request)]);
                for (var i = 0; i < group.Count; i++) group[i].Done.SetResult(results[i]);
            }
            catch (Exception e)
            {
                // What waits behind may rely on what has just failed having been before it.
                group.AddRange(TakeRest());
                foreach (var one in group) one.Done.TrySetException(e);
            }
        }
    }

    private List<Waiting> TakeGroup()
    {
        lock (_gate)
        {
            var (group, left) = (new List<Waiting>(), room);
            while (_waiting.TryPeek(out var next) && (group.Count == 0 || weigh(next.Request) <= left))
            {
                left -= weigh(next.Request);
                group.Add(_waiting.Dequeue());
            }

            if (group.Count == 0) _onTheirWay--;
            return group;
        }
    }

    private Waiting[] TakeRest()
    {
        lock (_gate)
        {
            var rest = _waiting.ToArray();
            _waiting.Clear();
            return rest;
        }
    }

    private sealed class Waiting(TRequest request)
    {
        public TRequest Request { get; } = request;

        public TaskCompletionSource<TResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
