namespace Footbridge.Jobs;

/// <summary>The places of a worker that bulk jobs may take. Whoever asks the store for a bulk job holds one first.</summary>
internal sealed class BulkSlots(int count)
{
    private readonly Lock _gate = new();
    private int _free = count;
    private bool _someoneMissedOut;

    /// <summary>Takes as many as there are, at most <paramref name="wanted"/>.</summary>
    public int TakeUpTo(int wanted)
    {
        lock (_gate)
        {
            var taken = Math.Min(_free, wanted);
            _free -= taken;
            return taken;
        }
    }

    /// <summary>Gives back what a claim did not need.</summary>
    /// <param name="isFull">The claim got all it asked for, so it will be followed by another look anyway.</param>
    public void Settle(int asked, int got, bool isFull)
    {
        lock (_gate)
        {
            _free += asked - got;
            // More bulk lanes may be ready than there were places: whoever frees one has to look again.
            if (got == asked && !isFull) _someoneMissedOut = true;
        }
    }

    /// <summary>Gives one back; true when a claim went without for want of it.</summary>
    public bool Return()
    {
        lock (_gate)
        {
            _free++;
            var missed = _someoneMissedOut;
            _someoneMissedOut = false;
            return missed;
        }
    }
}

/// <summary>The bulk place of one runner, held while its job is a bulk job or while it asks whether the next one is.</summary>
internal sealed class BulkSlot(BulkSlots slots, bool isHeld)
{
    private bool _isHeld = isHeld;

    public bool TryHold() => _isHeld = _isHeld || slots.TakeUpTo(1) == 1;

    /// <summary>Gives the place back unless the next job needs it; true when a claim went without for want of it.</summary>
    public bool KeepFor(ClaimedJob? next)
    {
        if (!_isHeld || next?.Class == JobClass.Bulk) return false;
        _isHeld = false;
        return slots.Return();
    }
}
