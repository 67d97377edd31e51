using System.Collections.Concurrent;
using System.Globalization;
using Footbridge.Protocol.Xml;

namespace Footbridge.Simulator.WhatsApp.State;

/// <summary>All accounts, by phone number and by LID.</summary>
internal sealed class Directory
{
    private const long FirstLid = 100_000_000_000_000;
    private readonly ConcurrentDictionary<Jid, SimAccount> _accounts = new();
    private long _lastLid = FirstLid;

    public SimAccount Add(string phoneDigits, string? pushName)
    {
        var account = new SimAccount(phoneDigits, Interlocked.Increment(ref _lastLid).ToString(CultureInfo.InvariantCulture), pushName);
        if (!_accounts.TryAdd(account.Phone, account)) throw new ArgumentException("the number has an account already");
        _accounts[account.Lid] = account;
        return account;
    }

    public SimAccount? Find(Jid jid) => _accounts.GetValueOrDefault(jid.ToUser());

    public SimDevice? FindDevice(Jid jid) => Find(jid)?.Device(jid.Device);

    public IEnumerable<SimAccount> All => _accounts.Values.Distinct();
}
