using Footbridge.Protocol;
using Footbridge.Protocol.Signal;

namespace Footbridge.UnitTests.Protocol.Signal;

public sealed class Curve25519Tests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Vectors.WhatsApp("xeddsa").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Keys_and_shared_secrets_agree_with_other_implementations(int index)
    {
        var vector = Vectors.WhatsApp("xeddsa")[index];
        Assert.Equal(vector.Hex("pub"), Curve25519.PublicKeyOf(vector.Hex("priv")));
        Assert.Equal(vector.Hex("x25519"), Curve25519.Agree(vector.Hex("priv"), vector.Hex("peerPub")));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Signatures_of_other_implementations_verify_and_no_copy_with_a_flipped_bit_does(int index)
    {
        var vector = Vectors.WhatsApp("xeddsa")[index];
        var (publicKey, message) = (vector.Hex("pub"), vector.Hex("msg"));
        foreach (var entry in vector.GetProperty("signatures").EnumerateObject())
        {
            var signature = Convert.FromHexString(entry.Value.GetString()!);
            Assert.True(Curve25519.Verify(publicKey, message, signature), entry.Name);
            AssertNoFlippedBitVerifies(publicKey, message, signature);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Our_own_signatures_verify(int index)
    {
        var vector = Vectors.WhatsApp("xeddsa")[index];
        var signature = Curve25519.Sign(vector.Hex("priv"), vector.Hex("msg"));
        Assert.True(Curve25519.Verify(vector.Hex("pub"), vector.Hex("msg"), signature));
        AssertNoFlippedBitVerifies(vector.Hex("pub"), vector.Hex("msg"), signature);
    }

    [Fact]
    public void A_public_key_of_low_order_or_wrong_length_is_refused()
    {
        var key = Curve25519.GenerateKeyPair();
        Assert.Throws<ProtocolException>(() => Curve25519.Agree(key.Private, new byte[32]));
        Assert.Throws<ProtocolException>(() => Curve25519.Agree(key.Private, new byte[33]));
        Assert.False(Curve25519.Verify(new byte[31], [], new byte[64]));
        Assert.False(Curve25519.Verify(key.Public, [], new byte[63]));
        Assert.False(Curve25519.Verify(MinusOne(), [], new byte[64]));
    }

    [Fact]
    public void A_private_key_does_not_print() => Assert.DoesNotContain("System.Byte", Curve25519.GenerateKeyPair().ToString(), StringComparison.Ordinal);

    private static byte[] MinusOne()
    {
        var bytes = Enumerable.Repeat((byte)0xFF, 32).ToArray();
        (bytes[0], bytes[31]) = (0xEC, 0x7F);
        return bytes;
    }

    private static void AssertNoFlippedBitVerifies(byte[] publicKey, byte[] message, byte[] signature)
    {
        for (var bit = 0; bit < signature.Length * 8; bit += 3)
        {
            var bad = signature.ToArray();
            bad[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(Curve25519.Verify(publicKey, message, bad), $"bit {bit}");
        }
    }
}
