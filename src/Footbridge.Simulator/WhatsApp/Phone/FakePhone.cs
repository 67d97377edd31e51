using System.Security.Cryptography;
using System.Threading.Channels;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.Media;
using Footbridge.Simulator.WhatsApp.State;
using Google.Protobuf;

namespace Footbridge.Simulator.WhatsApp.Phone;

/// <summary>A person's phone: holds the account's identity, scans codes, and talks to everybody's devices with a Signal stack of its own.</summary>
internal sealed class FakePhone : IDeviceEndpoint
{
    private readonly SimAccount _account;
    private readonly State.Directory _directory;
    private readonly MessageRouter _router;
    private readonly PairingDesk _pairing;
    private readonly PhoneSignal _signal;
    private readonly PhoneSenderKeys _senderKeys;
    // The gate guards the state below. It is not held while the router is called: that may call another phone, which may be calling this one.
    // What is sent leaves one at a time, in the order of the calls; that lock is not taken on the way in.
    private readonly Lock _gate = new();
    private readonly Lock _sending = new();
    private readonly Dictionary<string, byte[]> _sent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<PhoneMessage> _messages = [];
    private readonly List<PhoneReceipt> _receipts = [];
    private readonly Channel<PhoneMessage> _incoming = Channel.CreateUnbounded<PhoneMessage>();

    public FakePhone(SimAccount account, State.Directory directory, MessageRouter router, GroupDesk groups, PairingDesk pairing, MediaHost host, TimeProvider time)
    {
        (_account, _directory, _router, _pairing) = (account, directory, router, pairing);
        Media = new(this, host, directory, time);
        AppState = new(this, account, time);
        History = new(this, account);
        _signal = new(account) { PeerOf = directory.Find };
        _senderKeys = new(account, _signal);
        Groups = new(account, directory, groups, SendShared);
        Peer = new(this);
        account.Device(0)!.Attach(this, queued => queued);
    }

    public required LinkCodeDesk LinkCodes { private get; init; }

    /// <summary>What the person does beside writing messages.</summary>
    public required PhonePeople People { get; init; }

    public required PhoneChannels Channels { get; init; }

    /// <summary>Raised for each new message, receipt or notification, outside any lock.</summary>
    public event Action? Changed;

    public PhoneMedia Media { get; }

    public PhoneGroups Groups { get; }

    /// <summary>Everything a person can do wrong with sender keys, under the lock that guards them.</summary>
    public void WithSenderKeys(Action<PhoneSenderKeys> work)
    {
        lock (_gate) work(_senderKeys);
    }

    public PhoneAppState AppState { get; }

    public PhoneHistory History { get; }

    public Jid Number => _account.Phone;

    public Jid Lid => _account.Lid;

    public string? PushName => _account.PushName;

    /// <summary>Whether messages are confirmed as delivered when they arrive.</summary>
    public bool SendsDeliveryReceipts { get; set; } = true;

    /// <summary>Writes to phone numbers instead of LIDs, as older clients do.</summary>
    public bool AddressesByPhone { get; set; }

    /// <summary>Whether messages that a device could not open are sent to it again.</summary>
    public bool AnswersRetries { get; set; } = true;

    /// <summary>What this phone does for its own linked devices.</summary>
    public PhonePeer Peer { get; }

    public IReadOnlyList<PhoneMessage> Messages
    {
        get
        {
            lock (_gate) return [.. _messages];
        }
    }

    public IReadOnlyList<PhoneReceipt> Receipts
    {
        get
        {
            lock (_gate) return [.. _receipts];
        }
    }

    /// <summary>Messages from others, in the order they arrived; each is read once.</summary>
    public ChannelReader<PhoneMessage> Incoming => _incoming.Reader;

    /// <summary>Scans a linking code.</summary>
    public async Task PairAsync(string qr, CancellationToken ct) => TellOthers(await _pairing.ScanAsync(_account, qr, ct));

    /// <summary>From now on linking a device takes the account's passkey.</summary>
    public SimPasskey AddPasskey() => _account.Passkey = new();

    /// <summary>Types a linking code.</summary>
    public async Task TypeCodeAsync(string code, CancellationToken ct) => TellOthers(await LinkCodes.TypeAsync(_account, code, ct));

    public string SendText(string toPhoneDigits, string text, PhoneMessage? quote = null)
    {
        var message = new Message { ExtendedTextMessage = new() { Text = text } };
        if (quote is not null)
        {
            message.ExtendedTextMessage.ContextInfo = new() { StanzaId = quote.Id, Participant = quote.Sender.ToString(), QuotedMessage = quote.Content };
        }

        return Send(toPhoneDigits, message);
    }

    /// <summary>Sends any message to all devices of a person and to the account's own; returns its id.</summary>
    /// <param name="withheldAs">Linked devices are only told that there is such a message, and why they do not get it: <c>view_once</c>.</param>
    public string Send(string toPhoneDigits, Message message, string? id = null, string? withheldAs = null)
    {
        var to = _directory.Find(new Jid(toPhoneDigits, JidServer.User)) ?? throw new ArgumentException("nobody has this number");
        id ??= "3A" + RandomNumberGenerator.GetHexString(18);
        var chat = AddressesByPhone ? to.Phone : to.Lid;
        var plaintext = message.ToByteArray();
        var own = new Message { DeviceSentMessage = new() { DestinationJid = chat.ToString(), Message = message } }.ToByteArray();
        lock (_sending)
        {
            Node stanza;
            lock (_gate)
            {
                _sent[id] = plaintext;
                _messages.Add(new(id, to.Phone, _account.Phone, true, message));
                var parts = to.Devices.Select(d => Part(d, plaintext, withheldAs))
                    .Concat(_account.Devices.Where(d => d.Number != 0).Select(d => Part(d, own, withheldAs))).OfType<Node>().ToArray();
                stanza = Node.Of("message", [("id", id), ("to", chat), ("type", PhoneFile.Of(message) is null ? "text" : "media")], Node.Of("participants", parts));
            }

            _router.Submit(_account.Device(0)!, stanza);
        }

        Changed?.Invoke();
        return id;
    }

    public void MarkRead(PhoneMessage message, bool played = false)
    {
        var isDirect = message.Chat.IsUser;
        _router.SubmitReceipt(_account.Device(0)!, Node.Of("receipt",
            [("id", message.Id), ("to", isDirect ? message.Sender : message.Chat), ("type", played ? "played" : "read"), ("participant", isDirect ? (Jid?)null : message.Sender)]));
    }

    /// <summary>Sends what is encrypted once for a whole chat.</summary>
    private string SendShared(Jid chat, Message message, Func<PhoneSenderKeys, string, Node> seal)
    {
        var id = "3A" + RandomNumberGenerator.GetHexString(18);
        lock (_sending)
        {
            Node stanza;
            lock (_gate)
            {
                _sent[id] = message.ToByteArray();
                _messages.Add(new(id, chat, _account.Phone, true, message));
                stanza = seal(_senderKeys, id);
            }

            _router.Submit(_account.Device(0)!, stanza);
        }

        Changed?.Invoke();
        return id;
    }

    /// <summary>Sends one linked device of the account something that no person sees.</summary>
    public string SendToDevice(SimDevice device, Message.Types.ProtocolMessage content, string? id = null)
    {
        id ??= "3A" + RandomNumberGenerator.GetHexString(18);
        var plaintext = new Message { ProtocolMessage = content }.ToByteArray();
        lock (_sending)
        {
            Node? enc;
            lock (_gate)
            {
                _sent[id] = plaintext;
                enc = _signal.Seal(device, AddressesByPhone, plaintext)?.Child("enc");
            }

            if (enc is null) throw new InvalidOperationException("the device has no keys yet");
            _router.Submit(_account.Device(0)!, Node.Of("message",
                [("id", id), ("to", AddressesByPhone ? device.Phone : device.Lid), ("type", "text"), ("category", "peer")], enc));
        }

        return id;
    }

    /// <summary>Makes the next message to a person's devices undecryptable there, as after a restored backup.</summary>
    public void ForgetSessionsWith(string phoneDigits, bool breakInsteadOfForget = false, bool onlyLinkedDevices = false)
    {
        lock (_gate) _signal.Damage(_directory.Find(new Jid(phoneDigits, JidServer.User))!, breakInsteadOfForget, (ushort)(onlyLinkedDevices ? 1 : 0));
    }

    public void Deliver(Node stanza)
    {
        var self = _account.Device(0)!;
        switch (stanza.Tag)
        {
            case "message":
                Take(stanza, self);
                break;
            case "receipt":
                self.Confirm("receipt", stanza["id"], stanza["type"], stanza.JidOf("participant")?.ToString());
                TakeReceipt(stanza, self);
                break;
            default:
                self.Confirm(stanza.Tag, stanza["id"], stanza["type"]);
                People.Take(stanza);
                Changed?.Invoke();
                break;
        }
    }

    private void TellOthers(SimDevice device) => People.TellDevice(device, isAdded: true);

    private void Take(Node stanza, SimDevice self)
    {
        var (message, request) = Open(stanza);
        if (request is not null)
        {
            _router.SubmitReceipt(self, request);
            return;
        }

        Confirm(stanza, self, message);
        if (message is { Content.ProtocolMessage: { } peer } && stanza["category"] == "peer")
        {
            TakeFromDevice(message.Id, stanza.RequiredJid("from"), peer);
            return;
        }

        if (message is { IsFromMe: false }) _incoming.Writer.TryWrite(message);
        if (message is not null) Changed?.Invoke();
    }

    /// <summary>A new message, or the request for one that cannot be opened; neither when it was opened before.</summary>
    private (PhoneMessage? Message, Node? Request) Open(Node stanza)
    {
        lock (_gate)
        {
            try
            {
                var from = stanza.RequiredJid("from");
                var content = from.Server == JidServer.Newsletter ? PhoneChannels.Read(stanza) : from.IsUser ? Protobuf.Parse(Message.Parser, MessagePadding.Remove(_signal.Open(stanza))) : OpenShared(stanza);
                if (!_seen.Add(stanza["id"] + stanza.Child("meta")?["msg_edit_t"])) return (null, null);
                var message = Describe(stanza, content);
                if (stanza["category"] != "peer") _messages.Add(message);
                return (message, null);
            }
            catch (SignalException e) when (e.Error == SignalError.Duplicate)
            {
                // Delivered again because the receipt was lost: confirm it again.
                return (null, null);
            }
            catch (ProtocolException)
            {
                return (null, _signal.AskAgain(stanza));
            }
        }
    }

    private Message OpenShared(Node stanza) =>
        _senderKeys.Open(stanza, _directory.Find(stanza.RequiredJid("participant")) ?? throw new ProtocolException("an unknown member"));

    /// <summary>What the account's linked devices ask of the phone.</summary>
    private void TakeFromDevice(string id, Jid from, Message.Types.ProtocolMessage asked)
    {
        if (_account.Device(from.Device) is not { } device) return;
        if (asked.AppStateSyncKeyRequest is { } keys) AppState.TakeKeyRequest(device, keys);
        if (asked.PeerDataOperationRequestMessage is not { } operation) return;
        Peer.Take(device, id, operation);
        if (operation.HistorySyncOnDemandRequest is { } older) History.TakeRequest(device, older);
        if (operation.SyncdCollectionFatalRecoveryRequest is { } recovery) AppState.TakeRecoveryRequest(device, id, recovery.CollectionName);
    }

    private void Confirm(Node stanza, SimDevice self, PhoneMessage? message)
    {
        self.Confirm("message", stanza["id"], null);
        var isFromMe = message?.IsFromMe ?? false;
        if (SendsDeliveryReceipts && !isFromMe) _router.SubmitReceipt(self, Node.Of("receipt",
            [("id", stanza["id"]), ("to", stanza.JidOf("from")), ("participant", stanza.JidOf("participant"))]));
    }

    private PhoneMessage Describe(Node stanza, Message content)
    {
        var from = stanza.RequiredJid("from");
        var author = stanza.JidOf("participant") ?? from;
        var sender = _directory.Find(author)?.Phone ?? author.ToUser();
        if (content.DeviceSentMessage is { } copy)
        {
            var chat = _directory.Find(Jid.Parse(copy.DestinationJid))?.Phone ?? Jid.Parse(copy.DestinationJid);
            return new(stanza["id"]!, chat, sender, true, copy.Message);
        }

        if (!from.IsUser) return new(stanza["id"]!, from, sender, sender == _account.Phone, content);
        return new(stanza["id"]!, sender, from.ToUser(), false, content);
    }

    private void TakeReceipt(Node stanza, SimDevice self)
    {
        if (stanza["type"] is "retry" or "enc_rekey_retry")
        {
            if (AnswersRetries && Again(stanza) is { } again) _router.Submit(self, again);
            return;
        }

        if (stanza["type"] == "server-error")
        {
            if (!History.TakeMissed(stanza)) Media.Take(stanza, self);
            return;
        }

        var reader = stanza.JidOf("participant") ?? stanza.RequiredJid("from");
        var from = _directory.Find(reader)?.Phone ?? reader;
        var ids = (stanza.Child("list")?.ChildrenOf("item").Select(i => i["id"]) ?? []).Append(stanza["id"]).OfType<string>();
        lock (_gate) _receipts.AddRange(ids.Select(id => new PhoneReceipt(id, from, stanza["type"] ?? "delivery")));
        Changed?.Invoke();
    }

    private Node? Part(SimDevice device, byte[] plaintext, string? withheldAs) =>
        withheldAs is null || device.Number == 0 ? _signal.Seal(device, AddressesByPhone, plaintext)
        : Node.Of("to", [("jid", AddressesByPhone ? device.Phone : device.Lid)], Node.Of("unavailable", [("type", withheldAs)]));

    private Node? Again(Node request)
    {
        lock (_gate)
        {
            var chat = request.RequiredJid("from");
            if (!_sent.TryGetValue(request["id"] ?? "", out var plaintext) || _directory.FindDevice(request.JidOf("participant") ?? chat) is not { } device) return null;
            return _signal.Again(request, device, chat.IsUser ? plaintext : _senderKeys.WithKey(chat, plaintext));
        }
    }
}
