using System.Text.Json.Nodes;

namespace Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;

/// <summary>How something that was looked at is.</summary>
internal enum CheckState
{
    Ok,

    /// <summary>It works, but not as well as it could, or not for long.</summary>
    Warning,

    Failed,

    /// <summary>It could not be looked at, because of what an earlier check found, or does not apply.</summary>
    Skipped,
}

/// <summary>What was found, and the repair in one line.</summary>
internal sealed record Finding(CheckState State, string Found, string? Repair = null)
{
    public static Finding Ok(string found) => new(CheckState.Ok, found);

    public static Finding Warn(string found, string repair) => new(CheckState.Warning, found, repair);

    public static Finding Fail(string found, string repair) => new(CheckState.Failed, found, repair);

    public static Finding Skip(string why) => new(CheckState.Skipped, why);
}

/// <summary>One thing that is looked at.</summary>
/// <param name="Name">Stays the same from release to release.</param>
/// <param name="Title">What it is called for people, as a key of the texts.</param>
internal sealed record Check(string Name, string Title, Func<Examination, CancellationToken, Task<Finding>> LookAsync)
{
    /// <summary>Checks without which this one makes no sense.</summary>
    public string[] Needs { get; init; } = [];

    /// <summary>Puts it right; twice is as good as once. Null: only a person can.</summary>
    public Func<Examination, CancellationToken, Task>? FixAsync { get; init; }

    /// <summary>Looked at again and again, since somebody may change it in Chatwoot.</summary>
    public bool IsDrift { get; init; }

    /// <summary>Nobody can have meant it otherwise: it is put right without being asked.</summary>
    public bool IsSafeToFix { get; init; }
}

/// <summary>What a check came to.</summary>
/// <param name="Label">What it is called, in the language of the app.</param>
/// <param name="IsFixed">It was not as it should be and was put right just now.</param>
internal sealed record CheckResult(string Name, string Label, CheckState State, string Found, string? Repair, bool CanFix, bool IsFixed)
{
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["check"] = Name, ["label"] = Label, ["state"] = State.ToString().ToLowerInvariant(), ["found"] = Found };
        if (Repair is not null) json["repair"] = Repair;
        if (CanFix) json["canFix"] = true;
        if (IsFixed) json["fixed"] = true;
        return json;
    }
}

/// <summary>What the doctor found.</summary>
internal sealed record DoctorReport(string App, string Session, DateTimeOffset At, IReadOnlyList<CheckResult> Checks)
{
    public bool IsWell => Checks.All(check => check.State != CheckState.Failed);

    public int Count(CheckState state) => Checks.Count(check => check.State == state);

    public CheckResult? Find(string name) => Checks.FirstOrDefault(check => check.Name == name);

    public JsonObject ToJson() => new()
    {
        ["app"] = App,
        ["session"] = Session,
        ["at"] = At.ToUnixTimeMilliseconds(),
        ["ok"] = IsWell,
        ["summary"] = new JsonObject
        {
            ["ok"] = Count(CheckState.Ok),
            ["warnings"] = Count(CheckState.Warning),
            ["failed"] = Count(CheckState.Failed),
            ["skipped"] = Count(CheckState.Skipped),
            ["fixed"] = Checks.Count(check => check.IsFixed),
        },
        ["checks"] = new JsonArray([.. Checks.Select(check => (JsonNode)check.ToJson())]),
    };
}
