using Footbridge.Simulator.WhatsApp;

namespace Footbridge.SystemTests.Interop;

/// <summary>What a client got, on the wire and in its own words.</summary>
internal static class Arrivals
{
    /// <summary>All of it, once, in order on the wire; the texts are numbered from 0. What the account's own phone tells it meanwhile does not count.</summary>
    public static async Task AssertAllAsync(WhatsAppSimulator whatsApp, NpmClient client, IReadOnlyList<string> sent, string text, CancellationToken ct)
    {
        foreach (var id in sent) await client.WaitMessageAsync(id, ct);
        Assert.Equal(sent, whatsApp.Recorder.Stanzas.Where(s => !s.IsFromClient && s.Device == client.Device && IsFromSomebodyElse(s) && sent.Contains(s.Node["id"])).Select(s => s.Node["id"]));
        Assert.Equal(sent.Select((id, i) => (id, $"{text} {i}")).Order(), client.Received.Select(m => (m.Id, m.Text)).Order());
    }

    /// <summary>A message of another person: neither a copy of the account's own nor what its phone tells its devices.</summary>
    public static bool IsFromSomebodyElse(RecordedStanza stanza) => stanza.Node.Tag == "message" && stanza.Node["recipient"] is null && stanza.Node["category"] != "peer";
}
