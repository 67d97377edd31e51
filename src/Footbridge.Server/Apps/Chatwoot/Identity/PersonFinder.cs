using System.Collections.Concurrent;
using Footbridge.Engine.Connection;
using Footbridge.Jobs;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>Who somebody is: from what is on record, and where a number could be written in two ways from WhatsApp's own answer.</summary>
/// <remarks>WhatsApp watches how many numbers a client asks for: answers are kept for a week, and there are at most sixty questions an hour.</remarks>
internal sealed class PersonFinder(IPeopleGate people, TimeProvider time)
{
    private const int MaxAsked = 60;
    private const int MaxKept = 10_000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WaitForBudget = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(string Session, string Digits), (Jid? Account, long At)> _answers = new();
    private readonly Allowance _questions = new(MaxAsked, TimeSpan.FromHours(1), time);

    /// <summary>The person an event's chat is with.</summary>
    public async ValueTask<KnownPerson> OfAsync(PublicEvent e, CancellationToken ct)
    {
        var (phone, lid) = (KnownPerson.JidOf(e.ChatPhone)?.ToUser(), KnownPerson.JidOf(e.ChatLid)?.ToUser());
        var person = await OfAsync(e.Session, lid ?? phone ?? Jid.Parse(ChatKey.Of(e)), ct);
        // What is on record is never older than the event, which may have waited: its number can be a former one by now.
        return person with { Phone = person.Phone ?? phone, Lid = person.Lid ?? lid };
    }

    /// <summary>Who has an address, as far as that is on record.</summary>
    public async ValueTask<KnownPerson> OfAsync(string session, Jid address, CancellationToken ct)
    {
        var known = await people.FindAddressesAsync(session, address, ct);
        var phones = known.Where(jid => jid.IsPhone).ToList();
        return new(phones.Count > 0 ? phones[0] : null, known.Where(jid => jid.IsLid).Select(jid => (Jid?)jid).FirstOrDefault(), [.. phones.Skip(1)]);
    }

    /// <summary>Whether WhatsApp says that a number, written in another way, is this person's.</summary>
    /// <exception cref="RetryAfterException">It cannot be asked now: nothing is filed by a guess.</exception>
    public async Task<bool> IsNumberOfAsync(string session, KnownPerson person, string digits, CancellationToken ct)
    {
        if (await AccountAsync(session, digits, ct) is not { } account) return false;
        var same = await people.FindAddressesAsync(session, account.ToUser(), ct);
        return same.Any(jid => jid == person.Phone || jid == person.Lid);
    }

    private async Task<Jid?> AccountAsync(string session, string digits, CancellationToken ct)
    {
        if (_answers.TryGetValue((session, digits), out var kept) && time.GetElapsedTime(kept.At) < Kept) return kept.Account;
        if (!_questions.Take(session)) throw new RetryAfterException(WaitForBudget, "as many numbers were looked up in this hour as may be");
        try
        {
            var account = await people.FindAccountAsync(session, digits, ct);
            if (_answers.Count >= MaxKept) _answers.Clear();
            _answers[(session, digits)] = (account, time.GetTimestamp());
            return account;
        }
        catch (Exception e) when (e is SessionNotWorkingException or QueryFailedException)
        {
            throw new RetryAfterException(AskAgainAfter, $"WhatsApp cannot be asked yet whose number it is: {e.Message}", e);
        }
    }
}
