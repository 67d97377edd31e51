using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Server.Api;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Security;

namespace Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;

/// <summary>Whether what agents write reaches us: the address, the way, and the signature.</summary>
internal sealed class CallbackChecks(AppRegistry apps)
{
    /// <summary>A callback so young shows that the way is open; another need not be asked for.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(8);

    public IEnumerable<Check> All() =>
    [
        new("callback-address", Key.DoctorCheckCallbackAddress, AddressAsync) { Needs = ["inbox-type"], IsDrift = true, FixAsync = (e, ct) => e.Admin.PointCallbacksAsync(e.Config.InboxId, e.Callback, ct) },
        new("signature", Key.DoctorCheckSignature, SecretAsync) { Needs = ["inbox-type", "role"], IsDrift = true, IsSafeToFix = true, FixAsync = TakeSecretAsync },
        new("callback", Key.DoctorCheckCallback, ArrivesAsync) { Needs = ["callback-address", "signature"], IsDrift = true },
        new("private-address", Key.DoctorCheckPrivateAddress, PrivateAsync) { Needs = ["callback-address"] },
        new("signature-mode", Key.DoctorCheckSignatureMode, ModeAsync) { Needs = ["callback"], FixAsync = EnforceAsync },
    ];

    private static async Task<Finding> AddressAsync(Examination e, CancellationToken ct)
    {
        var url = InboxFinder.UrlOf((await e.InboxAsync(ct))!);
        if (CallbackAddress.AreSame(url, e.Callback)) return Finding.Ok(e.Callback);
        return Finding.Fail(string.IsNullOrEmpty(url) ? "it is empty" : $"it leads to {HostOf(url)}", $"Set it to {e.Callback}, or run the doctor with --fix");
    }

    private static async Task<Finding> SecretAsync(Examination e, CancellationToken ct)
    {
        var secret = CallbackFields.Text((await e.InboxAsync(ct))!["secret"]);
        var ours = Body.Text(Body.Object(e.App.Config, "footbridge") ?? [], "webhookSecret");
        if (string.IsNullOrEmpty(secret)) return Finding.Warn("this inbox has none: its unguessable callback address stands for it", "Update Chatwoot to 4.13 or later, or make the inbox anew: older inboxes have no secret");
        if (string.IsNullOrEmpty(ours)) return Finding.Warn("the app does not know it", "Run the doctor with --fix");
        return Secrets.AreSame(ours, secret) ? Finding.Ok("the app knows it") : Finding.Fail("it was changed in Chatwoot", "Run the doctor with --fix");
    }

    private async Task TakeSecretAsync(Examination e, CancellationToken ct)
    {
        if (CallbackFields.Text((await e.InboxAsync(ct))!["secret"]) is not { Length: > 0 } secret) return;
        await AmendAsync(e, own => own["webhookSecret"] = secret, ct);
    }

    private static async Task<Finding> ArrivesAsync(Examination e, CancellationToken ct)
    {
        if (e.Watch.LastOf(e.App.Id) is { Fault: null } last && e.Time.GetUtcNow() - last.At < Fresh) return Finding.Ok(string.Create(CultureInfo.InvariantCulture, $"the last one came {(e.Time.GetUtcNow() - last.At).TotalSeconds:0} s ago"));
        var result = await e.ProbeAsync(ct);
        if (!result.HasArrived) return Finding.Fail($"Chatwoot's callback does not arrive: {result.SignatureFault ?? result.Reason}", CallbackRepairs.For(result.SignatureFault is null ? result.Reason : "401"));
        return result.SignatureFault is { } fault
            ? Finding.Warn($"callbacks arrive, but {fault}", "Run the doctor with --fix, or compare the clocks")
            : Finding.Ok(string.Create(CultureInfo.InvariantCulture, $"a callback arrived in {result.Took.TotalSeconds:0.0} s"));
    }

    private static async Task<Finding> PrivateAsync(Examination e, CancellationToken ct)
    {
        var url = new Uri(e.Callback);
        var isPrivate = url.IsLoopback || !url.Host.Contains('.', StringComparison.Ordinal) || (System.Net.IPAddress.TryParse(url.Host, out var address) && !AddressGuard.IsAllowed(address, mayBePrivate: false));
        if (!isPrivate) return Finding.Ok("ours is a public one");
        if (await e.VersionAsync(ct) is { } version && version < new Version(4, 14)) return Finding.Ok("this version of Chatwoot calls private addresses");
        if (e.Watch.LastOf(e.App.Id) is { } last && e.Time.GetUtcNow() - last.At < Fresh) return Finding.Ok("Chatwoot calls it, though it is a private one");
        return Finding.Fail("Chatwoot 4.14 and later call no private addresses unless they are told to", CallbackRepairs.For("no public ip"));
    }

    private static Task<Finding> ModeAsync(Examination e, CancellationToken ct)
    {
        var sending = e.Config.Sending;
        return Task.FromResult(sending.WebhookSecret is null ? Finding.Skip("there is no secret to check against, or checking is off")
            : sending.Signature == SignatureMode.Enforce ? Finding.Ok("refused")
            : e.Watch.LastOf(e.App.Id) is { IsSigned: true, Fault: null } ? Finding.Warn("they are taken and written into the log, though Chatwoot signs", "Set footbridge.webhookSignature to enforce, or run the doctor with --fix")
            : Finding.Ok("taken, and written into the log"));
    }

    private Task EnforceAsync(Examination e, CancellationToken ct) => AmendAsync(e, own => own["webhookSignature"] = "enforce", ct);

    private Task AmendAsync(Examination e, Action<JsonObject> change, CancellationToken ct) => apps.AmendAsync(e.App.Id, config =>
    {
        var own = Body.Object(config, "footbridge") ?? [];
        change(own);
        config["footbridge"] = own;
        return config;
    }, ct);

    /// <summary>Without its path: that of another app's callback is a secret of its own.</summary>
    private static string HostOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed.GetLeftPart(UriPartial.Authority) : "no address";
}
