using System.Security.Cryptography;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Pairing;
using Footbridge.Protocol.Signal;

namespace Footbridge.UnitTests.Protocol.Pairing;

public sealed class AdvIdentityTests
{
    private readonly KeyPair _account = Curve25519.GenerateKeyPair();
    private readonly KeyPair _device = Curve25519.GenerateKeyPair();
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public void A_phones_statement_is_accepted_and_countersigned()
    {
        var identity = AdvIdentity.VerifyAndSign(Issue(_account, _secret), _secret, _device);
        Assert.Equal(3u, identity.KeyIndex);
        Assert.Equal(_account.Public, identity.AccountKey);
        Assert.True(AdvIssuer.IsSignedByDevice(identity.Reply, _device.Public, _account.Public));
        Assert.False(ADVSignedDeviceIdentity.Parser.ParseFrom(identity.Reply).HasAccountSignatureKey);
        Assert.True(ADVSignedDeviceIdentity.Parser.ParseFrom(identity.Signed).HasAccountSignatureKey);
    }

    [Fact]
    public void A_statement_that_another_client_took_is_taken_and_its_answer_verifies()
    {
        var vector = Vectors.Load("interop-vectors.json").GetProperty("adv");
        var device = new KeyPair(vector.GetProperty("device").Hex("priv"), vector.GetProperty("device").Hex("pub"));
        var account = vector.GetProperty("account").Hex("pub");
        var identity = AdvIdentity.VerifyAndSign(vector.Hex("envelope"), vector.Hex("advSecret"), device);
        Assert.Equal(vector.GetProperty("keyIndex").GetUInt32(), identity.KeyIndex);
        Assert.Equal(account, identity.AccountKey);
        Assert.True(AdvIssuer.IsSignedByDevice(vector.Hex("reply"), device.Public, account));
        // Signatures are random: the answers agree in everything but the device's signature.
        Assert.Equal(Unsigned(vector.Hex("reply")), Unsigned(identity.Reply));
    }

    [Fact]
    public void A_wrong_hmac_is_refused() => Assert.Equal(
        AdvException.HmacMismatch,
        Assert.Throws<AdvException>(() => AdvIdentity.VerifyAndSign(Issue(_account, RandomNumberGenerator.GetBytes(32)), _secret, _device)).Reason);

    [Fact]
    public void A_signature_for_another_device_is_refused() => Assert.Equal(
        AdvException.SignatureMismatch,
        Assert.Throws<AdvException>(() => AdvIdentity.VerifyAndSign(Issue(_account, _secret), _secret, Curve25519.GenerateKeyPair())).Reason);

    [Fact]
    public void Every_cut_or_changed_statement_is_refused_with_a_protocol_error()
    {
        var envelope = Issue(_account, _secret);
        for (var i = 0; i < envelope.Length; i++)
        {
            var changed = envelope.ToArray();
            changed[i] ^= 0x41;
            foreach (var bad in new[] { envelope[..i], changed })
            {
                Assert.IsAssignableFrom<ProtocolException>(Record.Exception(() => AdvIdentity.VerifyAndSign(bad, _secret, _device)));
            }
        }
    }

    [Theory]
    [InlineData("", ",1")]
    [InlineData("https://wa.me/settings/linked_devices#", ",1")]
    [InlineData("", "")]
    public void Every_form_of_the_code_reads_the_same(string prefix, string suffix)
    {
        var key = Convert.ToBase64String(_device.Public);
        var code = QrText.Parse($"{prefix}2@abc,{key},{key},{Convert.ToBase64String(_secret)}{suffix}");
        Assert.Equal("2@abc", code.Ref);
        Assert.Equal(_device.Public, code.NoiseKey);
        Assert.Equal(_secret, code.AdvSecret);
        Assert.Equal(code.Ref, QrText.Parse(code.ToString()).Ref);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b,c")]
    [InlineData("a,b,c,d")]
    [InlineData(",,,,")]
    [InlineData("2@a,AAAA,AAAA,AAAA,1")]
    public void A_text_that_is_no_code_is_refused(string text) => Assert.Throws<ProtocolException>(() => QrText.Parse(text));

    private static ADVSignedDeviceIdentity Unsigned(byte[] reply)
    {
        var signed = ADVSignedDeviceIdentity.Parser.ParseFrom(reply);
        signed.ClearDeviceSignature();
        return signed;
    }

    private byte[] Issue(KeyPair account, byte[] secret) =>
        AdvIssuer.Issue(account, _device.Public, secret, new() { RawId = 1, Timestamp = 1_795_000_000, KeyIndex = 3 });
}
