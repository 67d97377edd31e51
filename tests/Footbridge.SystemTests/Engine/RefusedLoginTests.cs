using Footbridge.Engine;
using Footbridge.Engine.Connection;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Footbridge.SystemTests.Engine;

public sealed class RefusedLoginTests : IAsyncLifetime
{
    private const uint Old = 1_000_000_000;
    private const uint New = 1_099_999_999;
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));
    private WhatsAppSimulator _whatsApp = null!;
    private LinkedAccount? _us;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync() => _whatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);

    public async ValueTask DisposeAsync()
    {
        if (_us is not null) await _us.DisposeAsync();
        await _whatsApp.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task A_temporary_ban_says_how_long_it_lasts_and_the_account_comes_back_by_itself()
    {
        var us = await LinkAsync(o => o);
        us.ForgetStates();
        _whatsApp.Faults.RefusesLogin = _ => Node.Of("failure", [("reason", "402"), ("code", "101"), ("expire", 1)]);
        _whatsApp.KillSockets();
        var failed = (ConnectionState.Failed)await us.WaitAsync(s => s is ConnectionState.Failed, Ct);
        Assert.Equal((DisconnectReason.TemporaryBan, "temporary ban (402): too many messages to people who do not have the number in their contacts"), (failed.Reason, failed.Detail));
        Assert.NotNull(failed.Until);
        _whatsApp.Faults.RefusesLogin = null;
        await us.WaitAsync(s => s is ConnectionState.Online, Ct);
    }

    [Fact]
    public async Task A_ban_without_an_end_waits_for_somebody_to_act_and_keeps_the_credentials()
    {
        var us = await LinkAsync(o => o);
        us.ForgetStates();
        _whatsApp.Faults.RefusesLogin = _ => Node.Of("failure", [("reason", "402"), ("code", "102")]);
        _whatsApp.KillSockets();
        Assert.Null(((ConnectionState.Failed)await us.WaitAsync(s => s is ConnectionState.Failed, Ct)).Until);
        _whatsApp.Faults.RefusesLogin = null;
        await us.RestartAsync(Ct);
    }

    [Fact]
    public async Task A_refused_web_version_is_looked_up_once_and_the_login_goes_on_with_the_newer_one()
    {
        await using var page = await PageAsync($"<script>{{\"client_revision\":{New},\"x\":1}}</script>");
        _whatsApp.Faults.RefusesLogin = RefuseOld;
        var us = await LinkAsync(o => o with { Version = new(Old), VersionPage = page.Url });
        Assert.Equal((New, 1), (us.Client.Options.Version.Revision, page.Requests));
    }

    [Fact]
    public async Task A_page_that_names_nothing_newer_makes_the_account_wait_and_not_loop()
    {
        await using var page = await PageAsync($"\"client_revision\":{Old - 1}");
        _whatsApp.Faults.RefusesLogin = RefuseOld;
        _us = new(_whatsApp, _whatsApp.AddAccount("5511900000099", "Shop"), o => o with { Version = new(Old), VersionPage = page.Url });
        await _us.Client.StartAsync(Ct);
        var failed = (ConnectionState.Failed)await _us.WaitAsync(s => s is ConnectionState.Failed, Ct);
        Assert.Equal(DisconnectReason.ClientOutdated, failed.Reason);
        Assert.NotNull(failed.Until);
        Assert.Equal((Old, 1), (_us.Client.Options.Version.Revision, page.Requests));
    }

    [Fact]
    public async Task Without_a_page_nobody_is_asked()
    {
        _whatsApp.Faults.RefusesLogin = RefuseOld;
        _us = new(_whatsApp, _whatsApp.AddAccount("5511900000099", "Shop"), o => o with { Version = new(Old) });
        await _us.Client.StartAsync(Ct);
        Assert.Equal((DisconnectReason.ClientOutdated, null), await _us.WaitAsync(s => s is ConnectionState.Failed, Ct) is ConnectionState.Failed f ? (f.Reason, f.Until) : default);
    }

    [Fact]
    public async Task A_server_that_asks_for_a_restart_at_every_connection_is_not_called_in_a_hot_loop()
    {
        var us = await LinkAsync(o => o with { ReconnectStep = TimeSpan.FromMinutes(1), ReconnectMaxDelay = TimeSpan.FromMinutes(2) });
        var refused = 0;
        _whatsApp.Faults.RefusesLogin = _ =>
        {
            Interlocked.Increment(ref refused);
            return Node.Of("stream:error", [("code", "515")]);
        };
        us.ForgetStates();
        _whatsApp.EndStream(us.Client.Me!.Phone, "515");
        await us.WaitAsync(s => s is ConnectionState.Connecting { Failures: 3 }, Ct);
        await us.Client.StopAsync(Ct);
        Assert.InRange(refused, 2, 3);
    }

    [Fact]
    public async Task A_phone_without_linked_devices_of_this_kind_stops_the_account()
    {
        var us = await LinkAsync(o => o);
        _whatsApp.Push(us.Client.Me!.Phone, Node.Of("ib", Node.Of("downgrade_webclient")));
        Assert.Equal(DisconnectReason.Rejected, ((ConnectionState.Failed)await us.WaitAsync(s => s is ConnectionState.Failed, Ct)).Reason);
    }

    [Fact]
    public async Task What_is_dirty_is_refreshed_and_then_reported_as_clean()
    {
        var us = await LinkAsync(o => o);
        _whatsApp.Push(us.Client.Me!.Phone, Node.Of("ib", Node.Of("dirty", [("type", "account_sync"), ("timestamp", 1700000000)])));
        var clean = await _whatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node["xmlns"] == "urn:xmpp:whatsapp:dirty", Ct);
        Assert.Equal(("account_sync", "1700000000"), (clean.Node.Child("clean")!["type"], clean.Node.Child("clean")!["timestamp"]));
    }

    private static Node? RefuseOld(Footbridge.Protocol.Generated.ClientPayload payload) =>
        payload.UserAgent.AppVersion.Tertiary < New ? Node.Of("failure", [("reason", "405")]) : null;

    private async Task<LinkedAccount> LinkAsync(Func<WaClientOptions, WaClientOptions> configure)
    {
        _us = new(_whatsApp, _whatsApp.AddAccount("5511900000099", "Shop"), configure);
        await _us.PairAsync(Ct);
        return _us;
    }

    private async Task<Page> PageAsync(string text)
    {
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        var web = builder.Build();
        web.Urls.Add("http://127.0.0.1:0");
        var page = new Page(web);
        web.MapGet("/", () =>
        {
            page.Count();
            return Results.Text(text, "text/html");
        });
        await web.StartAsync(Ct);
        return page;
    }

    private sealed class Page(WebApplication web) : IAsyncDisposable
    {
        private int _requests;

        public int Requests => _requests;

        public Uri Url => new(web.Urls.First());

        public void Count() => Interlocked.Increment(ref _requests);

        public ValueTask DisposeAsync() => web.DisposeAsync();
    }
}
