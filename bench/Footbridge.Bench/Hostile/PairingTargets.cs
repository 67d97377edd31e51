using System.Buffers.Text;
using System.Text;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Pairing;
using Footbridge.Protocol.Signal;

namespace Footbridge.Bench.Hostile;

/// <summary>What a server, a phone and a browser say while a device is linked: challenges, assertions, sealed bundles and requests, signed identities.</summary>
internal sealed class PairingTargets
{
    private const string Challenge = """{"challenge":"q1w2e3","rpId":"web.whatsapp.com","timeout":60000,"allowCredentials":[{"id":"abc","type":"public-key"}],"userVerification":"required"}""";
    private readonly byte[] _secret = new byte[32];
    private readonly KeyPair _device = Curve25519.GenerateKeyPair();
    private readonly KeyPair _phone = Curve25519.GenerateKeyPair();
    private readonly PasskeyDevice _linking = new(DeviceProps.Types.PlatformType.Chrome, "ref");
    private readonly PasskeyChallenge _challenge = PasskeyChallenge.Parse(Encoding.UTF8.GetBytes(Challenge));

    public IEnumerable<HostileTarget> Create(int seed)
    {
        yield return new("passkey challenge", new(seed, [Encoding.UTF8.GetBytes(Challenge)], Json, JsonMutator.Mutate), input => PasskeyChallenge.Parse(input));
        yield return new("passkey assertion", new(seed, [Assertion()], Json, JsonMutator.Mutate), input => PasskeyAssertion.Parse(Encoding.UTF8.GetString(input), _challenge));
        yield return new("passkey request", new(seed, [new PasskeyRequest(new byte[32], new byte[32], new byte[32]).Seal(_secret)], Noise, ProtobufMutator.Mutate), input => PasskeyRequest.Open(input, _secret));
        var identity = new PasskeyPhone(_linking.Prologue, "ref").Identity;
        yield return new("passkey agreement", new(seed, [identity], Noise, ProtobufMutator.Mutate), input => _linking.Agree(input));
        yield return new("link bundle", new(seed, [new LinkBundle(_device.Public, _phone.Public, new byte[32]).Seal(_secret)], Noise), OpenBundle);
        yield return new("signed identity", new(seed, [Issue(new() { RawId = 1, Timestamp = 2, KeyIndex = 3 })], Forge, ProtobufMutator.Mutate), input => AdvIdentity.VerifyAndSign(input, _secret, _device));
    }

    private LinkBundle OpenBundle(byte[] input)
    {
        var bundle = LinkBundle.Open(input, _secret);
        bundle.AdvSecret(_secret, _phone.Private, bundle.DeviceIdentity);
        return bundle;
    }

    private static byte[] Assertion()
    {
        var clientData = Base64Url.EncodeToString("""{"type":"webauthn.get","challenge":"q1w2e3","origin":"https://web.whatsapp.com"}"""u8);
        return Encoding.UTF8.GetBytes("""{"id":"YWJj","rawId":"YWJj","type":"public-key","response":{"clientDataJSON":"DATA","authenticatorData":"YWJj","signature":"YWJj","userHandle":"YQ"}}""".Replace("DATA", clientData, StringComparison.Ordinal));
    }

    private byte[] Issue(ADVDeviceIdentity details) => AdvIssuer.Issue(_phone, _device.Public, _secret, details);

    /// <summary>Rightly signed, of a device of any kind.</summary>
    private byte[] Forge(Random random) => random.Next(20) != 0 ? Noise(random)
        : Issue(new() { KeyIndex = (uint)random.Next(), Timestamp = (ulong)random.NextInt64(), DeviceType = (ADVEncryptionType)random.Next(-1, 3), AccountType = (ADVEncryptionType)random.Next(-1, 3) });

    private static byte[] Json(Random random) => random.Next(2) == 0
        ? Encoding.UTF8.GetBytes("{\"challenge\":" + string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? "[" : "{\"a\":", random.Next(1, 5000))))
        : [.. "{\"challenge\":\""u8, 0xC3, (byte)random.Next(256), .. "\"}"u8];

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(200)];
        random.NextBytes(bytes);
        return bytes;
    }
}
