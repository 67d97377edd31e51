using System.Text.Json.Nodes;
using Footbridge.Engine;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.SystemTests.Engine;

/// <summary>Linking an account that has a passkey: the owner's browser signs, and the phone goes on.</summary>
public sealed class PasskeyTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));
    private WhatsAppSimulator _whatsApp = null!;
    private LinkedAccount _us = null!;
    private SimPasskey _passkey = null!;

    private CancellationToken Ct => _timeout.Token;

    private int Prologues => _whatsApp.Recorder.Stanzas.Count(s => s.IsFromClient && s.Node.Child("passkey_prologue") is not null);

    public async ValueTask InitializeAsync()
    {
        _whatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);
        Make(o => o);
    }

    public async ValueTask DisposeAsync()
    {
        await _us.DisposeAsync();
        _passkey.Dispose();
        await _whatsApp.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task The_passkey_links_the_device_that_showed_the_code_and_nobody_compares_another_one()
    {
        var (linking, challenge) = await ScanAsync();
        await _us.Client.AnswerPasskeyAsync(_passkey.Sign(challenge), Ct);
        await OnlineAsync(linking);
        Assert.Null(_passkey.ShownCode);
        await _us.RestartAsync(Ct);
    }

    [Fact]
    public async Task The_passkey_comes_after_a_typed_code_too()
    {
        await _us.Client.StartAsync(Ct);
        await QrAsync();
        var linking = _us.Phone.TypeCodeAsync(await _us.Client.RequestLinkCodeAsync(_us.Phone.Number.User, null, Ct), Ct);
        await _us.Client.AnswerPasskeyAsync(_passkey.Sign(await ChallengeAsync()), Ct);
        await OnlineAsync(linking);
        Assert.Null(_passkey.ShownCode);
    }

    [Fact]
    public async Task A_phone_that_took_the_code_too_long_ago_shows_the_same_code_as_we_do_and_waits_for_the_owner()
    {
        Make(o => o with { PasskeyHandoffLifetime = TimeSpan.Zero });
        var (linking, challenge) = await ScanAsync();
        await Assert.ThrowsAsync<NotOnlineException>(() => _us.Client.ConfirmPasskeyAsync(Ct));
        await _us.Client.AnswerPasskeyAsync(_passkey.Sign(challenge), Ct);
        var shown = (ConnectionState.PasskeyConfirmation)await _us.WaitAsync(s => s is ConnectionState.PasskeyConfirmation, Ct);
        Assert.Equal(_passkey.ShownCode, shown.Code);
        Assert.Matches("^[1-9A-Z]{4}-[1-9A-Z]{4}$", shown.Code);
        Assert.False(linking.IsCompleted);
        await _us.Client.ConfirmPasskeyAsync(Ct);
        await OnlineAsync(linking);
    }

    [Fact]
    public async Task What_another_passkey_signed_is_refused_and_the_right_one_still_links()
    {
        var (linking, challenge) = await ScanAsync();
        using var other = new SimPasskey();
        Assert.Equal(401, (await Assert.ThrowsAsync<QueryFailedException>(() => _us.Client.AnswerPasskeyAsync(other.Sign(challenge), Ct))).Code);
        var forged = JsonNode.Parse(_passkey.Sign(challenge))!;
        forged["response"]!["signature"] = JsonNode.Parse(other.Sign(challenge))!["response"]!["signature"]!.ToString();
        Assert.Equal(401, (await Assert.ThrowsAsync<QueryFailedException>(() => _us.Client.AnswerPasskeyAsync(forged.ToJsonString(), Ct))).Code);
        await _us.Client.AnswerPasskeyAsync(_passkey.Sign(challenge), Ct);
        await OnlineAsync(linking);
    }

    [Fact]
    public async Task An_answer_to_another_challenge_never_leaves_for_WhatsApp()
    {
        var (_, _) = await ScanAsync();
        foreach (var answer in new[] { "", "[]", "{}", _passkey.Sign(_passkey.Options("AAAA")) })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => _us.Client.AnswerPasskeyAsync(answer, Ct));
        }

        Assert.Equal(0, Prologues);
    }

    [Fact]
    public async Task A_proof_that_fits_another_code_links_nothing()
    {
        _whatsApp.Faults.DoubtsPasskeyProof = true;
        var (linking, challenge) = await ScanAsync();
        Assert.Equal(403, (await Assert.ThrowsAsync<QueryFailedException>(() => _us.Client.AnswerPasskeyAsync(_passkey.Sign(challenge), Ct))).Code);
        Assert.Null(_us.Client.Me);
        Assert.False(linking.IsCompleted);
    }

    [Fact]
    public async Task A_challenge_that_does_not_come_with_the_request_is_asked_for()
    {
        _whatsApp.Faults.HoldsBackPasskeyOptions = true;
        var (linking, challenge) = await ScanAsync();
        await _us.Client.AnswerPasskeyAsync(_passkey.Sign(challenge), Ct);
        await OnlineAsync(linking);
    }

    [Fact]
    public async Task A_second_answer_while_the_first_is_on_its_way_is_refused()
    {
        _whatsApp.Faults.FromClient = (_, node) => node.Child("companion_nonce") is null ? null : new Fault.Drop();
        var (_, challenge) = await ScanAsync();
        await _us.Client.AnswerPasskeyAsync(_passkey.Sign(challenge), Ct);
        await Assert.ThrowsAsync<NotOnlineException>(() => _us.Client.AnswerPasskeyAsync(_passkey.Sign(challenge), Ct));
        Assert.Equal(1, Prologues);
    }

    [Fact]
    public async Task Nobody_who_answers_in_time_ends_it_with_the_reason()
    {
        Make(o => o with { PasskeyPatience = TimeSpan.FromMilliseconds(50) });
        await ScanAsync();
        var failed = (ConnectionState.Failed)await _us.WaitAsync(s => s is ConnectionState.Failed, Ct);
        Assert.Equal(DisconnectReason.QrTimeout, failed.Reason);
        Assert.Contains("passkey", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_meanwhile_begins_anew_with_a_code_to_scan()
    {
        var (linking, challenge) = await ScanAsync();
        _us.ForgetStates();
        _whatsApp.KillSockets();
        await Assert.ThrowsAsync<InvalidOperationException>(() => linking);
        var (again, next) = await ScanAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => _us.Client.AnswerPasskeyAsync(_passkey.Sign(challenge), Ct));
        await _us.Client.AnswerPasskeyAsync(_passkey.Sign(next), Ct);
        await OnlineAsync(again);
    }

    private void Make(Func<WaClientOptions, WaClientOptions> configure)
    {
        var phone = _us?.Phone ?? _whatsApp.AddAccount("5511900000099", "Shop");
        _us = new(_whatsApp, phone, configure);
        _passkey ??= phone.AddPasskey();
    }

    private async Task<(Task Linking, string Challenge)> ScanAsync()
    {
        await _us.Client.StartAsync(Ct);
        return (_us.Phone.PairAsync(await QrAsync(), Ct), await ChallengeAsync());
    }

    private async Task<string> QrAsync() => ((ConnectionState.WaitingForScan)await _us.WaitAsync(s => s is ConnectionState.WaitingForScan, Ct)).Qr;

    private async Task<string> ChallengeAsync() => ((ConnectionState.PasskeyRequired)await _us.WaitAsync(s => s is ConnectionState.PasskeyRequired, Ct)).Challenge;

    private async Task OnlineAsync(Task linking)
    {
        await linking;
        await _us.WaitAsync(s => s is ConnectionState.Online, Ct);
        Assert.Equal(_us.Phone.Number.User, _us.Client.Me!.Phone.User);
    }
}
