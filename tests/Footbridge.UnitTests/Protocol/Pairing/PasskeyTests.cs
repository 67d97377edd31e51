using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Pairing;
using Google.Protobuf;

namespace Footbridge.UnitTests.Protocol.Pairing;

public sealed class PasskeyTests
{
    private const string Reference = "ref-1";
    private readonly PasskeyDevice _device = new(DeviceProps.Types.PlatformType.Chrome, Reference);
    private readonly PasskeyChallenge _challenge = PasskeyChallenge.Parse("""{ "challenge": "AAAA", "rpId": "web.whatsapp.com" }"""u8);

    [Fact]
    public void Device_and_phone_come_to_the_same_code_and_the_same_key()
    {
        var phone = new PasskeyPhone(_device.Prologue, Reference);
        var (ours, theirs) = (_device.Agree(phone.Identity), phone.Agree(_device.Nonce));
        Assert.Equal((ours.Code, Convert.ToHexString(ours.Key)), (theirs.Code, Convert.ToHexString(theirs.Key)));
        Assert.Matches("^[1-9A-Z]{8}$", ours.Code);
        Assert.NotEqual(ours.Key, new PasskeyDevice(DeviceProps.Types.PlatformType.Chrome, Reference).Agree(phone.Identity).Key);
    }

    [Fact]
    public void A_nonce_that_the_device_did_not_commit_to_is_refused()
    {
        var phone = new PasskeyPhone(_device.Prologue, Reference);
        Assert.Throws<ProtocolException>(() => phone.Agree(RandomNumberGenerator.GetBytes(32)));
        Assert.Throws<ProtocolException>(() => phone.Agree([]));
        Assert.Throws<ProtocolException>(() => new PasskeyPhone(_device.Prologue, "ref-2"));
    }

    [Fact]
    public void A_cut_or_weak_identity_of_the_phone_is_refused()
    {
        var identity = new PasskeyPhone(_device.Prologue, Reference).Identity;
        for (var length = 0; length < identity.Length; length++) Assert.Throws<ProtocolException>(() => _device.Agree(identity.AsSpan(0, length)));
        var weak = PrimaryEphemeralIdentity.Parser.ParseFrom(identity);
        weak.PublicKey = ByteString.CopyFrom(new byte[32]);
        Assert.Throws<ProtocolException>(() => _device.Agree(weak.ToByteArray()));
    }

    [Fact]
    public void A_proof_holds_for_its_prologue_and_its_secret_only()
    {
        var key = PasskeyHandoff.Key(RandomNumberGenerator.GetBytes(32));
        var proof = PasskeyHandoff.Prove(key, _device.Prologue);
        Assert.True(PasskeyHandoff.IsProof(key, _device.Prologue, proof));
        Assert.False(PasskeyHandoff.IsProof(PasskeyHandoff.Key(RandomNumberGenerator.GetBytes(32)), _device.Prologue, proof));
        Assert.False(PasskeyHandoff.IsProof(key, [.. _device.Prologue, 0], proof));
        Assert.False(PasskeyHandoff.IsProof(key, _device.Prologue, proof.AsSpan(0, 31)));
        for (var i = 0; i < proof.Length; i++)
        {
            proof[i] ^= 1;
            Assert.False(PasskeyHandoff.IsProof(key, _device.Prologue, proof));
            proof[i] ^= 1;
        }
    }

    [Fact]
    public void A_sealed_request_opens_with_its_key_and_is_refused_when_cut_or_changed()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var request = new PasskeyRequest(RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        var sealedRequest = request.Seal(key);
        var opened = PasskeyRequest.Open(sealedRequest, key);
        Assert.Equal([request.NoiseKey, request.IdentityKey, request.AdvSecret], new[] { opened.NoiseKey, opened.IdentityKey, opened.AdvSecret });
        Assert.Throws<ProtocolException>(() => PasskeyRequest.Open(sealedRequest, RandomNumberGenerator.GetBytes(32)));
        for (var length = 0; length < sealedRequest.Length; length++) Assert.Throws<ProtocolException>(() => PasskeyRequest.Open(sealedRequest.AsSpan(0, length), key));
        for (var i = 0; i < sealedRequest.Length; i++)
        {
            sealedRequest[i] ^= 1;
            Assert.Throws<ProtocolException>(() => PasskeyRequest.Open(sealedRequest, key));
            sealedRequest[i] ^= 1;
        }
    }

    [Fact]
    public void An_answer_to_the_challenge_is_passed_on_with_what_WhatsApp_reads_and_nothing_else()
    {
        var assertion = PasskeyAssertion.Parse(Answer().ToJsonString(), _challenge);
        Assert.Equal([1, 2, 3], assertion.CredentialId);
        var passedOn = JsonNode.Parse(assertion.Json)!;
        Assert.Equal(["id", "rawId", "type", "response"], passedOn.AsObject().Select(member => member.Key));
        Assert.Equal(["clientDataJSON", "authenticatorData", "signature"], passedOn["response"]!.AsObject().Select(member => member.Key));
    }

    [Theory]
    [InlineData("type", "password", "type must be public-key")]
    [InlineData("rawId", "*", "rawId must be base64url")]
    [InlineData("id", "", "id must be a string and not be empty")]
    [InlineData("response", "AQID", "response must be an object")]
    public void An_answer_with_a_wrong_member_is_refused_by_its_name(string member, string value, string why)
    {
        var answer = Answer();
        answer[member] = value;
        Assert.Equal(why, Assert.Throws<ProtocolException>(() => PasskeyAssertion.Parse(answer.ToJsonString(), _challenge)).Message);
    }

    [Fact]
    public void An_answer_to_another_challenge_or_of_a_registration_is_refused()
    {
        Assert.Throws<ProtocolException>(() => PasskeyAssertion.Parse(Answer(challenge: "BBBB").ToJsonString(), _challenge));
        Assert.Throws<ProtocolException>(() => PasskeyAssertion.Parse(Answer(type: "webauthn.create").ToJsonString(), _challenge));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"challenge":""}""")]
    [InlineData("""{"challenge":1}""")]
    [InlineData("""{"challenge":"AAAA","challenge":"BBBB"}""")]
    [InlineData("""{"challenge":"\ud800"}""")]
    [InlineData("{\"challenge\":\"abc\",\"\\ud800\":1}")]
    public void What_is_no_challenge_is_refused(string json) => Assert.Throws<ProtocolException>(() => PasskeyChallenge.Parse(Encoding.UTF8.GetBytes(json)));

    private static JsonObject Answer(string challenge = "AAAA", string type = "webauthn.get")
    {
        var clientData = Encoding.UTF8.GetBytes(new JsonObject { ["type"] = type, ["challenge"] = challenge }.ToJsonString());
        return new()
        {
            ["id"] = "AQID",
            ["rawId"] = "AQID",
            ["type"] = "public-key",
            ["clientExtensionResults"] = new JsonObject(),
            ["response"] = new JsonObject
            {
                ["clientDataJSON"] = Base64Url.EncodeToString(clientData),
                ["authenticatorData"] = "AQID",
                ["signature"] = "AQID",
                ["userHandle"] = null,
            },
        };
    }
}
