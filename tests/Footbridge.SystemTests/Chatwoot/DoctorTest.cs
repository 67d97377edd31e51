using System.Text.Json.Nodes;
using Footbridge.Server.Apps;
using Footbridge.Server.Config;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.SystemTests.Dashboard;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>A shop whose inbox was connected by address and token, and the doctor who examines it.</summary>
public abstract class DoctorTest : ChatwootTest
{
    protected long Inbox { get; private set; }

    protected override async Task PrepareAsync()
    {
        await World.LinkAsync("shop", Shop, Ct);
        var made = await CallAsync("POST", "/api/apps", new JsonObject
        {
            ["id"] = "app_shop",
            ["session"] = "shop",
            ["app"] = "chatwoot",
            ["config"] = new JsonObject { ["url"] = Chatwoot.BaseUrl.ToString(), ["accountToken"] = ChatwootSimulator.Token, ["footbridge"] = new JsonObject { ["callbackUrl"] = World.Product.Url.ToString() } },
        }, 201);
        Inbox = made!["config"]!["inboxId"]!.GetValue<long>();
    }

    private protected override void Configure(Settings settings) => settings.ProbePatience = TimeSpan.FromSeconds(1);

    protected async Task<JsonObject> ReportAsync(string method) => (await CallAsync(method, "/api/apps/app_shop/doctor", null, 200))!.AsObject();

    protected async Task<JsonNode> LookAsync(string method, string check) => (await ReportAsync(method))["checks"]!.AsArray().Single(one => one!["check"]!.ToString() == check)!;

    protected Task SetConfig(string field, JsonNode? value) => World.Part<AppRegistry>().AmendAsync("app_shop", config =>
    {
        if (value is null) config.Remove(field);
        else config[field] = value.DeepClone();
        return config;
    }, Ct);

    protected Task SetOwn(string field, string value) => World.Part<AppRegistry>().AmendAsync("app_shop", config =>
    {
        config["footbridge"]![field] = value;
        return config;
    }, Ct);

    /// <summary>Breaks a thing, sees it found with its repair, puts it right, and sees it well.</summary>
    /// <param name="check">The check's name; a word after a colon tells two cases of one check apart.</param>
    private protected async Task IsFoundAndMendedAsync<T>(string check, DoctorCase<T> broken)
        where T : DoctorTest
    {
        check = check.Split(':')[0];
        await broken.Break((T)this);
        var found = await LookAsync("GET", check);
        if (broken.Unlike is { } unlike && unlike.Where(Chatwoot.Store.Account.Profile))
        {
            Assert.Equal(unlike.State, found["state"]!.ToString());
            Assert.StartsWith(unlike.Found, found["found"]!.ToString(), StringComparison.Ordinal);
            return;
        }

        Assert.True(found["state"]!.ToString() is "failed" or "warning", found.ToJsonString());
        Assert.Contains(broken.Found, found["found"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains(broken.Repair, found["repair"]!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret-path", found.ToJsonString(), StringComparison.Ordinal);
        if (broken.Mend is { } mend) await mend((T)this);
        else await FixAsync(check);
        found = await LookAsync("GET", check);
        Assert.True(found["state"]!.ToString() == "ok", found.ToJsonString());
    }

    /// <summary>Put right the first time, and found so the second time.</summary>
    private async Task FixAsync(string check)
    {
        var mended = await LookAsync("POST", check);
        Assert.True(mended["fixed"]!.GetValue<bool>(), mended.ToJsonString());
        Assert.Null((await LookAsync("POST", check))["fixed"]);
    }
}

/// <summary>One thing that can be wrong.</summary>
/// <param name="Break">Makes it so.</param>
/// <param name="Found">A part of what the doctor says of it.</param>
/// <param name="Repair">A part of the repair in one line.</param>
/// <param name="Mend">Does what the repair says; null: --fix does.</param>
internal sealed record DoctorCase<T>(Func<T, Task> Break, string Found, string Repair, Func<T, Task>? Mend = null)
{
    public DoctorCase(Action<T> @break, string found, string repair, Action<T>? mend = null)
        : this(Done(@break), found, repair, mend is null ? null : Done(mend))
    {
    }

    /// <summary>Versions of Chatwoot beside which it is nothing that can be broken so, and what is found there.</summary>
    public (Func<SimProfile, bool> Where, string State, string Found)? Unlike { get; init; }

    private static Func<T, Task> Done(Action<T> step) => test =>
    {
        step(test);
        return Task.CompletedTask;
    };
}
