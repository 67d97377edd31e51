using Footbridge.Protocol.Signal;

namespace Footbridge.UnitTests.Protocol.Signal;

/// <summary>One end of a Signal conversation, with its prekeys.</summary>
internal sealed class SignalDevice
{
    private readonly Dictionary<uint, KeyPair> _preKeys = [];
    private readonly SignedPreKey _signed;
    private uint _nextId = 1;

    public SignalDevice()
    {
        Me = new(Curve25519.GenerateKeyPair(), 77);
        _signed = SignedPreKey.Create(Me.Identity, 1);
    }

    public LocalIdentity Me { get; }

    public SessionRecord Session { get; private set; } = new();

    public int PreKeysLeft => _preKeys.Count;

    public PreKeyBundle Bundle(bool withOneTimeKey = true)
    {
        var key = withOneTimeKey ? Curve25519.GenerateKeyPair() : null;
        if (key is not null) _preKeys.Add(_nextId, key);
        return new(Me.RegistrationId, Me.Identity.Public, _signed.Id, _signed.Key.Public, _signed.Signature, key is null ? null : _nextId++, key?.Public);
    }

    public void Start(PreKeyBundle bundle) => SessionBuilder.Initiate(Session, Me, bundle);

    public CipherText Encrypt(byte[] plaintext) => SessionCipher.Encrypt(Session, Me, plaintext);

    public byte[] Decrypt(CipherText message)
    {
        if (message.Type == "msg") return SessionCipher.Decrypt(Session, message.Bytes);
        var opened = SessionCipher.DecryptPreKey(Session, Me, message.Bytes, SignedPreKeyOf, PreKeyOf);
        if (opened.UsedPreKeyId is { } used) _preKeys.Remove(used);
        return opened.Plaintext;
    }

    public KeyPair? SignedPreKeyOf(uint id) => id == _signed.Id ? _signed.Key : null;

    public KeyPair? PreKeyOf(uint id) => _preKeys.GetValueOrDefault(id);

    /// <summary>Goes through the stored form, as a restart does.</summary>
    public void Reload() => Session = SessionRecord.Parse(Session.Serialize());
}
