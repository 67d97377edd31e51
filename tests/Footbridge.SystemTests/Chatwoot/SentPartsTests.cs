using Footbridge.Server.Config;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Media;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>What an agent's message with files is on WhatsApp.</summary>
public sealed class SentPartsTests : ChatwootTest
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF"u8, 0, .. new byte[400]];
    private static readonly byte[] Pdf = [.. "%PDF-1.7 "u8, .. new byte[1000]];
    private long _conversation;

    // Chatwoot's own host may be at a private address whatever is said of others.
    private protected override void Configure(Settings settings) => settings.Media.SourcesMayBePrivate = false;

    protected override async Task PrepareAsync()
    {
        await base.PrepareAsync();
        _conversation = (await AnaWritesAsync("hello")).ConversationId;
    }

    [Fact]
    public async Task A_single_file_carries_the_text_below_it()
    {
        var answer = await Chatwoot.AgentSendsAsync(_conversation, "the **new** one", ("a picture.jpg", "image/jpeg", Jpeg));
        var shown = await Ana.Incoming.ReadAsync(Ct);
        Assert.Equal("the *new* one", shown.Content.ImageMessage.Caption);
        Assert.Equal(Jpeg, Ana.Media.Open(shown));
        await StatusAsync(answer, "delivered");
    }

    [Fact]
    public async Task Several_files_follow_the_text_in_their_order_and_are_deleted_together()
    {
        var answer = await Chatwoot.AgentSendsAsync(_conversation, "all three", ("a.jpg", "image/jpeg", Jpeg), ("Ünï code.pdf", "application/pdf", Pdf), ("c.webp", "image/webp", Pdf));
        var parts = new List<PhoneMessage>();
        for (var i = 0; i < 4; i++) parts.Add(await Ana.Incoming.ReadAsync(Ct));
        Assert.Equal("all three", parts[0].Text);
        Assert.Equal("", parts[1].Content.ImageMessage.Caption);
        Assert.Equal(("Ünï code.pdf", "application/pdf"), (parts[2].Content.DocumentMessage.FileName, parts[2].Content.DocumentMessage.Mimetype));
        Assert.Equal(Pdf, Ana.Media.Open(parts[2]));
        Assert.Equal("image/webp", parts[3].Content.DocumentMessage.Mimetype);
        await StatusAsync(answer, "delivered");
        // W-11: the reference deletes the newest part only.
        await Chatwoot.AgentDeletesAsync(answer);
        for (var i = 0; i < 4; i++) Assert.Equal(parts[i].Id, (await Ana.Incoming.ReadAsync(Ct)).Content.ProtocolMessage.Key.Id);
    }

    [Fact]
    public async Task A_recording_is_a_voice_message_and_its_text_goes_before_it()
    {
        FfmpegTool.Require();
        var tone = await FfmpegTool.MakeAsync("sine=frequency=440:duration=1", "mp3", Ct);
        // W-12 and W-38: the text is not lost, and the query behind the name does not hide the type.
        await Chatwoot.AgentSendsAsync(_conversation, "listen", ("voice.mp3", "audio/mpeg", tone));
        Assert.Equal("listen", (await Ana.Incoming.ReadAsync(Ct)).Text);
        var audio = (await Ana.Incoming.ReadAsync(Ct)).Content.AudioMessage;
        Assert.True(audio.Ptt);
        Assert.StartsWith("audio/ogg", audio.Mimetype, StringComparison.Ordinal);
        await Chatwoot.AgentSendsAsync(_conversation, null, ("broken.mp3", "audio/mpeg", Pdf));
        Assert.Equal("broken.mp3", (await Ana.Incoming.ReadAsync(Ct)).Content.DocumentMessage.FileName);
    }

    [Fact]
    public async Task A_file_that_chatwoot_has_not_stored_yet_is_waited_for()
    {
        var asked = 0;
        Chatwoot.Faults.OnRequest = request => request.Path.StartsWithSegments("/rails") && Interlocked.Increment(ref asked) <= 2 ? new ChatwootFault.Status(404) : null;
        var answer = await Chatwoot.AgentSendsAsync(_conversation, "here", ("a.jpg", "image/jpeg", Jpeg));
        await Chatwoot.AgentReplyAsync(_conversation, "after it");
        Assert.Equal("here", (await Ana.Incoming.ReadAsync(Ct)).Content.ImageMessage.Caption);
        // W-32: nothing overtakes what waits.
        Assert.Equal("after it", (await Ana.Incoming.ReadAsync(Ct)).Text);
        await StatusAsync(answer, "delivered");
    }

    [Fact]
    public async Task A_file_that_cannot_be_had_fails_the_message_with_words_and_the_retry_sends_what_is_missing()
    {
        Chatwoot.Faults.OnRequest = request => request.Path.Value!.Contains("second", StringComparison.Ordinal) ? new ChatwootFault.Status(404) : null;
        var answer = await Chatwoot.AgentSendsAsync(_conversation, "two", ("first.jpg", "image/jpeg", Jpeg), ("second.jpg", "image/jpeg", Jpeg));
        Assert.Equal("two", (await Ana.Incoming.ReadAsync(Ct)).Text);
        var first = await Ana.Incoming.ReadAsync(Ct);
        await Chatwoot.Store.WaitAsync(() => Chatwoot.Store.FindMessage(answer)!.ContentAttributes["external_error"]?.ToString() == "The file second.jpg could not be fetched from the inbox.", Ct);
        Chatwoot.Faults.OnRequest = null;
        // W-33: the button is there, and it sends nothing twice.
        await Chatwoot.AgentRetryAsync(answer);
        var second = await Ana.Incoming.ReadAsync(Ct);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(3, Ana.Messages.Count(m => !m.IsFromMe && m.Content.ProtocolMessage is null));
        Assert.NotNull(second.Content.ImageMessage);
    }

    [Fact]
    public async Task A_file_that_whatsapp_does_not_take_fails_at_once_with_words_and_holds_up_nothing()
    {
        World.WhatsApp.Media.Fault = request => request.Method == "POST" ? new MediaFault.Status(413) : null;
        var answer = await Chatwoot.AgentSendsAsync(_conversation, "here", ("film.pdf", "application/pdf", Pdf));
        await Chatwoot.AgentReplyAsync(_conversation, "after it");
        Assert.Equal("after it", (await Ana.Incoming.ReadAsync(Ct)).Text);
        await Chatwoot.Store.WaitAsync(
            () => Chatwoot.Store.FindMessage(answer)!.ContentAttributes["external_error"]?.ToString() is { } said && said.StartsWith("The file film.pdf", StringComparison.Ordinal) && said.EndsWith("is larger than WhatsApp takes.", StringComparison.Ordinal), Ct);
        Assert.Single(World.WhatsApp.Media.Requests, request => request.Method == "POST");
    }
}
