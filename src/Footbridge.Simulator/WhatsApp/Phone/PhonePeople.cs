using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.People;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp.Phone;

/// <summary>A person's phone, for all that is not a message: profile, presence, calls, number, devices.</summary>
internal sealed class PhonePeople(SimAccount account, State.Directory directory, PeopleDesk desk)
{
    private readonly Lock _gate = new();
    private readonly List<Node> _heard = [];
    private readonly List<(Func<Node, bool> Matches, TaskCompletionSource<Node> Found)> _waiting = [];

    public SimProfile Profile => account.Profile;

    /// <summary>The first presence, chat state, call or notification, past or to come, that matches.</summary>
    public Task<Node> WaitAsync(Func<Node, bool> matches, CancellationToken ct)
    {
        lock (_gate)
        {
            if (_heard.FirstOrDefault(matches) is { } past) return Task.FromResult(past);
            var waiter = new TaskCompletionSource<Node>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((matches, waiter));
            return waiter.Task.WaitAsync(ct);
        }
    }

    /// <summary>All presences, chat states, calls and notifications until now.</summary>
    public IReadOnlyList<Node> Heard
    {
        get
        {
            lock (_gate) return [.. _heard];
        }
    }

    public void Take(Node stanza)
    {
        lock (_gate)
        {
            _heard.Add(stanza);
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (!_waiting[i].Matches(stanza)) continue;
                _waiting[i].Found.TrySetResult(stanza);
                _waiting.RemoveAt(i);
            }
        }
    }

    public void SetAbout(string text)
    {
        Profile.About = text;
        desk.Notices.TellAbout(account);
    }

    /// <returns>The picture's id.</returns>
    public string SetPicture(byte[] jpeg)
    {
        var id = desk.Pictures.Set(account.Phone, jpeg);
        desk.Notices.TellPicture(account, id);
        return id;
    }

    public byte[]? Picture => desk.Pictures.IdOf(account.Phone) is { } id ? desk.Pictures.Find(id) : null;

    /// <summary>Opens or closes the app.</summary>
    public void SetOnline(bool isOnline) => desk.Presence.Submit(Self, Node.Of("presence", [("type", isOnline ? "available" : "unavailable")]));

    /// <summary>Whether the account shows as online, on whatever device.</summary>
    public bool IsOnline => desk.Presence.IsOnline(account);

    /// <summary>Wants to hear of another person's presence.</summary>
    public void Watch(string phoneDigits) => desk.Presence.Submit(Self, Node.Of("presence", [("type", "subscribe"), ("to", Find(phoneDigits).Lid)]));

    /// <param name="state"><c>composing</c> or <c>paused</c>.</param>
    public void Type(string toPhoneDigits, string state, bool isVoice = false) => desk.Presence.SubmitChatState(Self,
        Node.Of("chatstate", [("to", Find(toPhoneDigits).Lid)], Node.Of(state, [("media", isVoice ? "audio" : null)])));

    /// <summary>Calls somebody; returns the call's id.</summary>
    public string Call(string phoneDigits, bool isVideo = false) => desk.Calls.Offer(account, Find(phoneDigits), isVideo);

    /// <param name="step"><c>accept</c>, <c>terminate</c>, …: what happens to a call that was made.</param>
    public void FollowCall(string phoneDigits, string callId, string step, string? reason = null) => desk.Calls.Follow(account, Find(phoneDigits), callId, step, reason);

    /// <summary>Takes another number and keeps everything else; everybody is told.</summary>
    public void ChangeNumber(string phoneDigits) => desk.Notices.TellNumber(account, directory.ChangeNumber(account, phoneDigits));

    /// <summary>WhatsApp gives the account another LID, and tells nobody.</summary>
    public void ChangeLid() => directory.ChangeLid(account);

    /// <summary>From now on the server tells others only the address that a message came by, as it does of people who hide their number; or both again.</summary>
    public void ShowOneAddress(bool isOne) => account.ShowsOneAddress = isOne;

    /// <summary>What the person calls themselves from now on.</summary>
    public void CallOneself(string pushName) => account.PushName = pushName;

    /// <summary>Another way to write the number finds this account too.</summary>
    public void AddSpelling(string phoneDigits) => directory.AddSpelling(account, phoneDigits);

    /// <summary>WhatsApp tells everybody that this person has installed the app anew.</summary>
    public void TellIdentityChanged() => desk.Notices.TellIdentity(account);

    /// <summary>Takes a linked device off the account.</summary>
    public void Unlink(ushort number)
    {
        var device = account.Device(number) ?? throw new ArgumentException("there is no such device");
        account.Remove(device);
        TellDevice(device, isAdded: false);
    }

    public void TellDevice(SimDevice device, bool isAdded) => desk.Notices.TellDevice(account, device, isAdded);

    /// <summary>Blocks or unblocks somebody on the phone; the account's other devices are told.</summary>
    public void SetBlocked(string phoneDigits, bool isBlocked)
    {
        var (former, other) = (Profile.BlocklistHash, Find(phoneDigits));
        Profile.SetBlocked(other.Lid, isBlocked);
        desk.Notices.TellBlocklist(Self, former, other.Lid, isBlocked);
    }

    private SimDevice Self => account.Device(0)!;

    private SimAccount Find(string phoneDigits) => directory.Find(new Jid(phoneDigits, JidServer.User)) ?? throw new ArgumentException("nobody has this number");
}
