using Footbridge.Protocol.Xml;

namespace Footbridge.Simulator.WhatsApp.People;

/// <summary>What an account shows of itself, whom it has blocked, and what it lets others see. Its owner keeps calls apart.</summary>
internal sealed class SimProfile
{
    private readonly Lock _gate = new();
    private readonly HashSet<Jid> _blocked = [];
    private readonly Dictionary<string, string> _privacy = new(StringComparer.Ordinal)
    {
        ["last"] = "all",
        ["profile"] = "all",
        ["status"] = "all",
        ["online"] = "all",
        ["readreceipts"] = "all",
        ["groupadd"] = "all",
        ["calladd"] = "all",
    };

    private int _blocklistVersion = 1;

    public string About { get; set; } = "";

    public long AboutSetAt { get; set; } = 1;

    /// <summary>Strangers get 401 instead of the about text and the picture.</summary>
    public bool HidesItself { get; set; }

    public string? Username { get; set; }

    /// <summary>A business's name; null for a person.</summary>
    public string? VerifiedName { get; set; }

    public long DisappearingSeconds { get; set; }

    public string BlocklistHash
    {
        get
        {
            lock (_gate) return $"hash-{_blocklistVersion}";
        }
    }

    public IReadOnlyList<Jid> Blocked
    {
        get
        {
            lock (_gate) return [.. _blocked];
        }
    }

    public IReadOnlyList<KeyValuePair<string, string>> Privacy
    {
        get
        {
            lock (_gate) return [.. _privacy];
        }
    }

    public void SetBlocked(Jid lid, bool isBlocked)
    {
        lock (_gate)
        {
            if (isBlocked ? _blocked.Add(lid) : _blocked.Remove(lid)) _blocklistVersion++;
        }
    }

    public void SetPrivacy(string name, string value)
    {
        lock (_gate) _privacy[name] = value;
    }
}
