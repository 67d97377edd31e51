using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Setup;

/// <summary>What came of a step of setting up.</summary>
internal enum StepOutcome
{
    /// <summary>It was as it should be.</summary>
    Done,

    /// <summary>It was made or put right.</summary>
    Changed,

    Failed,
}

/// <summary>A step of setting up, with what was found and, when it failed, what to do about it.</summary>
internal sealed record SetupStep(string Name, StepOutcome Outcome, string Detail, string? Repair = null)
{
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["step"] = Name, ["outcome"] = Outcome.ToString().ToLowerInvariant(), ["detail"] = Detail };
        if (Repair is not null) json["repair"] = Repair;
        return json;
    }
}

/// <summary>The steps in the order they were taken.</summary>
internal sealed class SetupReport
{
    private readonly List<SetupStep> _steps = [];

    public IReadOnlyList<SetupStep> Steps => _steps;

    public bool IsWell => _steps.TrueForAll(step => step.Outcome != StepOutcome.Failed);

    public void Done(string name, string detail) => _steps.Add(new(name, StepOutcome.Done, detail));

    public void Changed(string name, string detail) => _steps.Add(new(name, StepOutcome.Changed, detail));

    public void Failed(string name, string detail, string repair) => _steps.Add(new(name, StepOutcome.Failed, detail, repair));

    /// <summary>A step without which the next ones make no sense.</summary>
    public SetupException Stop(string name, string detail, string repair)
    {
        Failed(name, detail, repair);
        return new(this);
    }

    public JsonArray ToJson() => [.. _steps.Select(step => (JsonNode)step.ToJson())];
}

/// <summary>Setting up stopped at a step; what was made before it is used again by the next try.</summary>
internal sealed class SetupException(SetupReport report) : RuleException($"{report.Steps[^1].Name}: {report.Steps[^1].Detail}. {report.Steps[^1].Repair}")
{
    public SetupReport Report => report;
}
