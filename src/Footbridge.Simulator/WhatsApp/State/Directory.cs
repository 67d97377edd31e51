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

    /// <summary>Another way to write an account's number, such as with or without Brazil's ninth digit.</summary>
    public void AddSpelling(SimAccount account, string phoneDigits) => _accounts[new(phoneDigits, JidServer.User)] = account;

    /// <summary>Gives an account another number; the old one is nobody's then.</summary>
    public Jid ChangeNumber(SimAccount account, string phoneDigits)
    {
        var (former, number) = (account.Phone, new Jid(phoneDigits, JidServer.User));
        if (!_accounts.TryAdd(number, account)) throw new ArgumentException("the number has an account already");
        _accounts.TryRemove(former, out _);
        account.Phone = number;
        return former;
    }

    /// <summary>Gives an account another LID; the old one is nobody's then.</summary>
    public Jid ChangeLid(SimAccount account)
    {
        var former = account.Lid;
        account.Lid = new(Interlocked.Increment(ref _lastLid).ToString(CultureInfo.InvariantCulture), JidServer.Lid);
        _accounts[account.Lid] = account;
        _accounts.TryRemove(former, out _);
        return former;
    }

    public SimDevice? FindDevice(Jid jid) => Find(jid)?.Device(jid.Device);

    public IEnumerable<SimAccount> All => _accounts.Values.Distinct();
}
