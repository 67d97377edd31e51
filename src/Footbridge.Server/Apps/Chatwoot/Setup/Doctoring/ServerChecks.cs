using System.Globalization;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Security;

namespace Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;

/// <summary>Whether Chatwoot is there, speaks our version, and lets the token in.</summary>
internal sealed class ServerChecks(ChatwootLimiters limiters)
{
    private static readonly TimeSpan SlowAnswer = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ClockDoubt = TimeSpan.FromSeconds(60);
    private static readonly Version Oldest = new(4, 2);
    private static readonly Version Signing = new(4, 13);

    public IEnumerable<Check> All() =>
    [
        new("reachable", Key.DoctorCheckReachable, ReachableAsync) { IsDrift = true },
        new("tls", Key.DoctorCheckTls, EncryptionAsync),
        new("latency", Key.DoctorCheckLatency, LatencyAsync) { Needs = ["reachable"] },
        new("clock", Key.DoctorCheckClock, ClockAsync) { Needs = ["reachable"] },
        new("version", Key.DoctorCheckVersion, VersionAsync) { Needs = ["reachable"] },
        new("services", Key.DoctorCheckServices, ServicesAsync) { Needs = ["reachable"] },
        new("rate-limit", Key.DoctorCheckRateLimit, (e, _) => Task.FromResult(Limit(e))),
        new("token", Key.DoctorCheckToken, TokenAsync) { Needs = ["reachable"], IsDrift = true },
        new("account", Key.DoctorCheckAccount, AccountAsync) { Needs = ["token"], IsDrift = true },
        new("role", Key.DoctorCheckRole, RoleAsync) { Needs = ["account"], IsDrift = true },
    ];

    private static async Task<Finding> ReachableAsync(Examination e, CancellationToken ct) =>
        CallbackFields.Text((await e.ServerAsync(ct)).Body["version"]) is { } version ? Finding.Ok($"Chatwoot {version} answers at {e.Config.Url}") : Finding.Fail("what answers there is not Chatwoot", SetupTrouble.UrlRepair);

    private static async Task<Finding> EncryptionAsync(Examination e, CancellationToken ct)
    {
        var url = new Uri(e.Config.Url);
        if (url.Scheme == Uri.UriSchemeHttps) return await CertificateAsync(e, ct);
        var isInside = url.IsLoopback || !url.Host.Contains('.', StringComparison.Ordinal) || (System.Net.IPAddress.TryParse(url.Host, out var address) && !AddressGuard.IsAllowed(address, mayBePrivate: false));
        return isInside ? Finding.Ok("http, within one network") : Finding.Warn("http over a public network: the access token can be read on the way", "Give an https address as url");
    }

    private static async Task<Finding> CertificateAsync(Examination e, CancellationToken ct)
    {
        try
        {
            await e.ServerAsync(ct);
        }
        catch (ChatwootAwayException away) when (SetupTrouble.CertificateFault(away) is { } fault)
        {
            return Finding.Fail(fault, SetupTrouble.CertificateRepair);
        }
        catch (ChatwootAwayException away) when (away.InnerException is not null)
        {
            return Finding.Skip("nobody answers there");
        }
        catch (Exception error) when (SetupTrouble.IsChatwoots(error))
        {
            // What was answered is another check's business: an answer came over the encrypted way.
        }

        return Finding.Ok("https, with a valid certificate");
    }

    private static async Task<Finding> LatencyAsync(Examination e, CancellationToken ct)
    {
        var took = (await e.ServerAsync(ct)).Took;
        var said = string.Create(CultureInfo.InvariantCulture, $"{took.TotalMilliseconds:0} ms");
        return took < SlowAnswer ? Finding.Ok(said) : Finding.Warn(said, "Give Chatwoot's web container more CPU or memory, or bring the two servers closer together");
    }

    private static async Task<Finding> ClockAsync(Examination e, CancellationToken ct)
    {
        var (body, took, at) = await e.ServerAsync(ct);
        if (!DateTimeOffset.TryParse(CallbackFields.Text(body["timestamp"]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var theirs)) return Finding.Skip("Chatwoot does not say what time it has");
        var difference = (theirs - at).Duration() - took;
        var said = string.Create(CultureInfo.InvariantCulture, $"the clocks differ by {Math.Max(0, difference.TotalSeconds):0} s");
        return difference < ClockDoubt ? Finding.Ok(said)
            : difference < CallbackSignature.Window ? Finding.Warn(said, "Let both servers set their clocks by NTP")
            : Finding.Fail($"{said}: signed callbacks are too old or too new", "Let both servers set their clocks by NTP");
    }

    private static async Task<Finding> VersionAsync(Examination e, CancellationToken ct)
    {
        var said = CallbackFields.Text((await e.ServerAsync(ct)).Body["version"]);
        if (await e.VersionAsync(ct) is not { } version) return Finding.Warn($"'{said}' is no version that is known", "Use a release of Chatwoot");
        if (version < Oldest) return Finding.Fail($"{said} knows no delivery states of messages and no typing", "Update Chatwoot to 4.2 or later, best to 4.13");
        return version < Signing ? Finding.Warn($"{said} does not sign its callbacks", "Update Chatwoot to 4.13 or later") : Finding.Ok($"{said}");
    }

    private static async Task<Finding> ServicesAsync(Examination e, CancellationToken ct)
    {
        var body = (await e.ServerAsync(ct)).Body;
        var (queue, data) = (CallbackFields.Text(body["queue_services"]), CallbackFields.Text(body["data_services"]));
        if (queue is null && data is null) return Finding.Skip("this version does not tell");
        return queue is null or "ok" && data is null or "ok" ? Finding.Ok("both are there") : Finding.Fail($"background jobs: {queue ?? "not told"}, database: {data ?? "not told"}", "See that Chatwoot's Redis, PostgreSQL and Sidekiq containers run");
    }

    private Finding Limit(Examination e) => limiters.For(e.Config.Url).Rate is { } rate
        ? Finding.Warn(string.Create(CultureInfo.InvariantCulture, $"Chatwoot has refused requests in the last minutes; {rate:0.#} a second are made"), "Add this server's address to RACK_ATTACK_ALLOWED_IPS of Chatwoot")
        : Finding.Ok("no request was refused in the last minutes");

    private static async Task<Finding> TokenAsync(Examination e, CancellationToken ct) => Finding.Ok($"accepted, as {(await e.ProfileAsync(ct))["name"]}'s");

    private static async Task<Finding> AccountAsync(Examination e, CancellationToken ct) => await e.AccountAsync(ct) is { } account
        ? Finding.Ok($"{account["id"]} ({account["name"]})")
        : Finding.Fail($"the token's owner is in no account {e.Config.AccountId}", "Add the user to the account in Chatwoot again, or give another user's token");

    private static async Task<Finding> RoleAsync(Examination e, CancellationToken ct) => CallbackFields.Text((await e.AccountAsync(ct))?["role"]) is var role && role == "administrator"
        ? Finding.Ok("administrator")
        : Finding.Fail($"'{role}' may not change definitions and sees only some conversations", SetupTrouble.TokenRepair);
}
