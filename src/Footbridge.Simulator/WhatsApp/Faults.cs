using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Simulator.WhatsApp;

/// <summary>What happens to a stanza instead of going its way.</summary>
internal abstract record Fault
{
    public sealed record Drop : Fault;

    public sealed record Duplicate : Fault;

    public sealed record Delay(TimeSpan By) : Fault;

    /// <summary>The frame's last byte is changed, so that it fails its authentication.</summary>
    public sealed record Corrupt : Fault;

    /// <summary>A frame that is sealed rightly and holds no node.</summary>
    public sealed record Malformed : Fault;

    public sealed record KillSocket : Fault;

    /// <summary>For queries: an error instead of the answer.</summary>
    public sealed record Error(int Code, string Text) : Fault;
}

/// <summary>Faults to inject; every rule sees every stanza and the first that names a fault decides.</summary>
internal sealed class Faults
{
    /// <summary>For stanzas to a client.</summary>
    public Func<Jid?, Node, Fault?>? ToClient { get; set; }

    /// <summary>For stanzas from a client.</summary>
    public Func<Jid?, Node, Fault?>? FromClient { get; set; }

    /// <summary>Sends every frame one byte at a time.</summary>
    public bool SendsSingleBytes { get; set; }

    /// <summary>Neither reads nor writes, and closes nothing.</summary>
    public bool IsHalfOpen { get; set; }

    /// <summary>Whether the next answer about a collection of the app state has patches with a wrong MAC.</summary>
    public Func<string, bool>? BreaksAppState { get; set; }

    /// <summary>What the server says instead of letting a client in, such as a <c>failure</c>; null lets it in.</summary>
    public Func<ClientPayload, Node?>? RefusesLogin { get; set; }

    /// <summary>Leads every client that would resume on to the full handshake.</summary>
    public bool RefusesResume { get; set; }

    /// <summary>Seals the answer to a client that resumes wrongly.</summary>
    public bool BreaksResume { get; set; }

    /// <summary>Closes every connection that begins with routing bytes.</summary>
    public bool RefusesRouting { get; set; }

    /// <summary>Presents certificates of another root.</summary>
    public bool PresentsWrongRoot { get; set; }

    /// <summary>Sends a wrong HMAC in the next pairing.</summary>
    public bool BreaksPairingHmac { get; set; }

    /// <summary>Asks for a passkey without saying for which challenge, so that the client has to ask.</summary>
    public bool HoldsBackPasskeyOptions { get; set; }

    /// <summary>Compares a passkey's proof with the secret of a code that no device showed.</summary>
    public bool DoubtsPasskeyProof { get; set; }

    /// <summary>Signs the next pairing for another device.</summary>
    public bool BreaksPairingSignature { get; set; }
}
