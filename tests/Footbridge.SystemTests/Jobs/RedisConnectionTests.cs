using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Footbridge.Jobs;
using Footbridge.Jobs.Redis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Footbridge.SystemTests.Jobs;

/// <summary>How Redis is reached, what is asked of it, and what processes hear of each other through it.</summary>
public sealed class RedisConnectionTests : RedisStoreTest
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task A_worker_that_found_nothing_is_woken_by_another_process_and_only_then()
    {
        var server = await RedisServer.SharedAsync();
        var (here, there) = (await OpenStoreAsync(server.Address), await OpenStoreAsync(server.Address));
        using var woken = new SemaphoreSlim(0);
        here.Woken += () => woken.Release();
        await there.EnqueueAsync([Job("a")], Ct);
        var job = Assert.Single(await ClaimAsync(here, total: 1));
        Assert.Empty(await ClaimAsync(here));
        Assert.Equal(0, woken.CurrentCount);
        await there.EnqueueAsync([Job("b", "other")], Ct);
        await woken.WaitAsync(Ct);
        // The marker is gone: until somebody looks again, nothing more is published.
        await there.EnqueueAsync([Job("c", "third")], Ct);
        Assert.Equal(2, (await ClaimAsync(here)).Count);
        await there.FailAsync(job.Ticket, new JobFailure(JobFailureKind.RetryAfter, "away", null, TimeProvider.System.GetUtcNow()), Ct);
        await woken.WaitAsync(Ct);
        Assert.Equal(0, woken.CurrentCount);
    }

    [Fact]
    public async Task A_change_of_schedules_is_heard_by_every_process()
    {
        var server = await RedisServer.SharedAsync();
        var (here, there) = (await OpenStoreAsync(server.Address), await OpenStoreAsync(server.Address));
        using var changed = new SemaphoreSlim(0);
        here.SchedulesChanged += () => changed.Release();
        await there.UpsertScheduleAsync(new JobSchedule("s", "0 0 3 * * *", "UTC", "q", "lane", new byte[] { 1 }, new JobPolicy(1, TimeSpan.Zero)), Ct);
        await changed.WaitAsync(Ct);
        Assert.True(await there.RemoveScheduleAsync("s", Ct));
        await changed.WaitAsync(Ct);
    }

    [Fact]
    public async Task A_tick_is_fired_once_whatever_the_number_of_processes()
    {
        var server = await RedisServer.SharedAsync();
        RedisJobStore[] stores = [await OpenStoreAsync(server.Address), await OpenStoreAsync(server.Address), await OpenStoreAsync(server.Address)];
        await stores[0].UpsertScheduleAsync(new JobSchedule("s", "* * * * * *", "UTC", "q", "lane", new byte[] { 1 }, new JobPolicy(1, TimeSpan.Zero)), Ct);
        for (var second = 1; second <= 20; second++)
        {
            var tick = DateTimeOffset.FromUnixTimeSeconds(second);
            var fired = await Task.WhenAll(stores.Select(store => store.FireAsync("s", tick, Job($"tick {second}"), Ct)));
            Assert.Single(fired, isFirst => isFirst);
        }

        Assert.Equal(20, (await stores[0].OpenMonitor().LaneAsync("lane", 100, Ct)).Count);
    }

    [Fact]
    public async Task The_largest_payload_passes()
    {
        var store = await OpenStoreAsync((await RedisServer.SharedAsync()).Address);
        var payload = new byte[JobRequest.MaxPayloadBytes];
        new Random(7).NextBytes(payload);
        await store.EnqueueAsync([Job("a", "a") with { Payload = payload }, Job("b", "b") with { Payload = payload }, Job("c", "c") with { Payload = payload }], Ct);
        var jobs = await ClaimAsync(store);
        Assert.Equal(["a", "b"], jobs.Select(job => job.Id)); // more than 32 MiB is not taken in one go
        Assert.True(payload.AsSpan().SequenceEqual(jobs[0].Payload.Span));
        Assert.Equal("c", (await store.CompleteAsync(jobs[0].Ticket, new NextClaim("w", Lease), Ct)).Next?.Id);
    }

    [Fact]
    public async Task A_server_that_may_lose_jobs_is_warned_of_and_a_safe_one_is_not()
    {
        var logger = new CollectingLogger();
        await OpenStoreAsync((await StartServerAsync("--appendonly", "no", "--maxmemory-policy", "allkeys-lru")).Address, logger);
        var warnings = logger.Lines.Where(line => line.Level == LogLevel.Warning).Select(line => line.Text).ToArray();
        Assert.Equal(2, warnings.Length);
        Assert.Contains("allkeys-lru", warnings[0], StringComparison.Ordinal);
        Assert.Contains("appendonly is off", warnings[1], StringComparison.Ordinal);
        logger.Lines.Clear();
        await OpenStoreAsync((await RedisServer.SharedAsync()).Address, logger);
        Assert.DoesNotContain(logger.Lines, line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task A_server_whose_memory_is_full_refuses_new_jobs_says_why_and_still_drains()
    {
        var server = await StartServerAsync("--maxmemory", "8mb");
        var store = await OpenStoreAsync(server.Address, options: new RedisConnectionOptions { Patience = TimeSpan.Zero });
        var enqueued = 0;
        var error = await Assert.ThrowsAsync<BrokerUnavailableException>(async () =>
        {
            for (; enqueued < 1000; enqueued++) await store.EnqueueAsync([Job($"job {enqueued}") with { Payload = new byte[50_000] }], Ct);
        });
        Assert.Contains("memory is full", error.Message, StringComparison.Ordinal);
        Assert.InRange(enqueued, 10, 999);

        var first = Assert.Single(await ClaimAsync(store));
        Assert.Equal([true], await store.RenewAsync([first.Ticket], Lease, Ct));
        var away = new JobFailure(JobFailureKind.RetryAfter, "away", null, TimeProvider.System.GetUtcNow());
        Assert.Equal(JobFailureResult.WillRetry, await store.FailAsync(first.Ticket, away, Ct));
        Assert.True(await store.ReleaseAsync(Assert.Single(await ClaimAsync(store)).Ticket, Ct));
        var next = Assert.Single(await ClaimAsync(store));
        for (var i = 1; i < enqueued; i++) next = (await store.CompleteAsync(next.Ticket, new NextClaim("w", Lease), Ct)).Next!;
        Assert.Null((await store.CompleteAsync(next.Ticket, new NextClaim("w", Lease), Ct)).Next);
        Assert.Equal(enqueued, await store.CleanAsync(JobState.Completed, TimeSpan.FromDays(1), 0, Ct));
        Assert.Equal([JobEnqueued.Added], await store.EnqueueAsync([Job("one more")], Ct));
    }

    [Fact]
    public async Task A_user_and_password_let_us_in_and_are_never_told()
    {
        var server = await StartServerAsync("--user", "bridge", "on", $">{Password.Replace(" ", "", StringComparison.Ordinal)}", "~*", "&*", "+@all", "-info", "--requirepass", Password);
        var logger = new CollectingLogger();
        var store = await OpenStoreAsync(At(server, $"bridge:{Password.Replace(" ", "", StringComparison.Ordinal)}@"), logger);
        await store.EnqueueAsync([Job("a")], Ct);
        Assert.Contains(logger.Lines, line => line.Text.Contains("could not be checked", StringComparison.Ordinal));
        await (await OpenStoreAsync(At(server, $":{Uri.EscapeDataString(Password)}@"), logger)).EnqueueAsync([Job("b")], Ct);

        var impatient = new RedisConnectionOptions { Timeout = TimeSpan.FromSeconds(1), Patience = TimeSpan.Zero, ConnectTimeout = TimeSpan.FromSeconds(2) };
        var error = await Assert.ThrowsAsync<BrokerUnavailableException>(() => RedisConnection.OpenAsync(At(server, ":wrong-secret@"), impatient, logger, Ct));
        Assert.DoesNotContain("wrong-secret", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(logger.Lines, line => line.Text.Contains("horse", StringComparison.Ordinal) || line.Text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_is_encrypted_and_the_server_must_prove_itself()
    {
        var folder = new TempFolder();
        WriteCertificate(folder);
        var server = await StartServerAsync(
            "--tls-cert-file", folder.File("server.pem"), "--tls-key-file", folder.File("server.key"), "--tls-auth-clients", "no", "--port", "0", "--tls-port", "@port");
        var address = string.Create(CultureInfo.InvariantCulture, $"rediss://127.0.0.1:{server.Port}");
        var store = await OpenStoreAsync(RedisAddress.Parse($"{address}?ca={folder.File("server.pem")}"));
        Assert.Equal([JobEnqueued.Added], await store.EnqueueAsync([Job("a")], Ct));
        var impatient = new RedisConnectionOptions { Timeout = TimeSpan.FromSeconds(1), Patience = TimeSpan.Zero, ConnectTimeout = TimeSpan.FromSeconds(2) };
        await Assert.ThrowsAsync<BrokerUnavailableException>(() => RedisConnection.OpenAsync(RedisAddress.Parse(address), impatient, NullLogger.Instance, Ct));
    }

    private static RedisAddress At(RedisServer server, string user) =>
        RedisAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"redis://{user}127.0.0.1:{server.Port}"));

    private static void WriteCertificate(TempFolder folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=footbridge-test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(folder.File("server.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(folder.File("server.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
