namespace Footbridge.Engine.Connection;

/// <summary>The tags of the last stanzas sent, for the log when the server cannot read one of them. One writer.</summary>
internal sealed class SentTags
{
    private const int Kept = 10;
    private readonly Lock _gate = new();
    private readonly Queue<string> _tags = new(Kept);

    public void Add(string tag)
    {
        lock (_gate)
        {
            if (_tags.Count == Kept) _tags.Dequeue();
            _tags.Enqueue(tag);
        }
    }

    public override string ToString()
    {
        lock (_gate) return string.Join(' ', _tags);
    }
}
