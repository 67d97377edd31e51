using System.Security.Cryptography;
using Footbridge.Protocol;
using Footbridge.Protocol.Pairing;
using Footbridge.Protocol.Signal;

namespace Footbridge.UnitTests.Protocol.Pairing;

public sealed class LinkCodeTests
{
    private readonly KeyPair _device = Curve25519.GenerateKeyPair();
    private readonly KeyPair _phone = Curve25519.GenerateKeyPair();

    [Fact]
    public void A_codes_key_is_the_one_other_clients_derive()
    {
        var vector = Vectors.WhatsApp("pairingCode");
        Assert.Equal(vector.Hex("key"), LinkCode.DeriveKey(vector.GetProperty("code").GetString()!, vector.Hex("salt")));
        Assert.Equal(PairingAlphabet.Characters, vector.GetProperty("alphabet").GetString());
    }

    [Fact]
    public void Codes_use_the_whole_alphabet_and_their_bits_in_order()
    {
        Assert.Equal("11111111", PairingAlphabet.Encode([0, 0, 0, 0, 0]));
        Assert.Equal("ZZZZZZZZ", PairingAlphabet.Encode([255, 255, 255, 255, 255]));
        Assert.Equal("12345678", PairingAlphabet.Encode([0x00, 0x44, 0x32, 0x14, 0xC7]));
        Assert.Equal(PairingAlphabet.Characters.Order(), Enumerable.Range(0, 200).SelectMany(_ => LinkCode.Create()).Distinct().Order());
    }

    [Theory]
    [InlineData("ABCD-1234", "ABCD1234")]
    [InlineData("abcd1234", "ABCD1234")]
    [InlineData("ABCD-123", null)]
    [InlineData("ABCDO234", null)]
    [InlineData("", null)]
    public void A_code_is_read_as_people_write_it(string text, string? expected)
    {
        Assert.Equal(expected is not null, LinkCode.TryParse(text, out var code));
        Assert.Equal(expected, code);
        if (code is not null) Assert.Equal("ABCD-1234", LinkCode.Show(code));
    }

    [Fact]
    public void A_wrapped_key_comes_out_with_its_code_and_not_with_another()
    {
        var wrapped = LinkCode.Wrap("ABCD1234", _device.Public);
        Assert.Equal(LinkCode.WrappedBytes, wrapped.Length);
        Assert.Equal(_device.Public, LinkCode.Unwrap("ABCD1234", wrapped));
        Assert.NotEqual(_device.Public, LinkCode.Unwrap("ABCD1235", wrapped));
        Assert.NotEqual(wrapped, LinkCode.Wrap("ABCD1234", _device.Public));
    }

    [Fact]
    public void The_counter_of_a_wrapped_key_carries_into_its_higher_bytes()
    {
        // A counter block of ones overflows between the two blocks of the key; what was wrapped with it must be what AES says.
        byte[] counter = [.. Enumerable.Repeat((byte)0xFF, 16)];
        var salt = new byte[32];
        using var aes = Aes.Create();
        aes.Key = LinkCode.DeriveKey("ABCD1234", salt);
        byte[] stream = [.. aes.EncryptEcb(counter, PaddingMode.None), .. aes.EncryptEcb(new byte[16], PaddingMode.None)];
        Assert.Equal(stream, LinkCode.Unwrap("ABCD1234", [.. salt, .. counter, .. new byte[32]]));
    }

    [Fact]
    public void Both_sides_of_a_bundle_agree_on_the_secret()
    {
        var shared = RandomNumberGenerator.GetBytes(32);
        var bundle = LinkBundle.Create(_device.Public, _phone.Public);
        var opened = LinkBundle.Open(bundle.Seal(shared), shared);
        Assert.Equal(_device.Public, opened.DeviceIdentity);
        Assert.Equal(_phone.Public, opened.PhoneIdentity);
        Assert.Equal(bundle.AdvSecret(shared, _device.Private, _phone.Public), opened.AdvSecret(shared, _phone.Private, _device.Public));
        Assert.NotEqual(bundle.AdvSecret(shared, _device.Private, _phone.Public), LinkBundle.Create(_device.Public, _phone.Public).AdvSecret(shared, _device.Private, _phone.Public));
    }

    [Fact]
    public void A_bundle_of_another_code_or_cut_or_changed_is_refused()
    {
        var shared = RandomNumberGenerator.GetBytes(32);
        var sealedBundle = LinkBundle.Create(_device.Public, _phone.Public).Seal(shared);
        Assert.Throws<ProtocolException>(() => LinkBundle.Open(sealedBundle, RandomNumberGenerator.GetBytes(32)));
        for (var length = 0; length < sealedBundle.Length; length++) Assert.Throws<ProtocolException>(() => LinkBundle.Open(sealedBundle.AsSpan(0, length), shared));
        for (var i = 0; i < sealedBundle.Length; i++)
        {
            sealedBundle[i] ^= 1;
            Assert.Throws<ProtocolException>(() => LinkBundle.Open(sealedBundle, shared));
            sealedBundle[i] ^= 1;
        }

        for (var length = 0; length < LinkCode.WrappedBytes; length++) Assert.Throws<ProtocolException>(() => LinkCode.Unwrap("ABCD1234", new byte[length]));
    }
}
