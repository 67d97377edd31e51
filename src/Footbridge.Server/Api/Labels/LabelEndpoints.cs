using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;
using Footbridge.Server.Storage.Labels;

namespace Footbridge.Server.Api.Labels;

/// <summary>Labels of a business account.</summary>
internal static class LabelEndpoints
{
    /// <summary>WhatsApp shows no more.</summary>
    private const int MaxLabels = 20;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/{session}/labels", ListAsync).WithTags("Labels");
        api.MapPost("/api/{session}/labels", CreateAsync).WithTags("Labels");
        api.MapPut("/api/{session}/labels/{labelId}", UpdateAsync).WithTags("Labels");
        api.MapDelete("/api/{session}/labels/{labelId}", DeleteAsync).WithTags("Labels");
    }

    public static JsonObject Shape(Label label) => StatePayloads.Label(label.Id, label.Name, label.Color);

    /// <exception cref="NotFoundException">There is no such label.</exception>
    public static Label Require(LabelTable labels, string session, string id) => labels.Find(session, id) ?? throw new NotFoundException("Label not found");

    private static async Task<JsonArray> ListAsync(string session, SessionRegistry sessions, LabelTable labels, CancellationToken ct)
    {
        await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        return [.. labels.List(session).Select(Shape)];
    }

    private static async Task<IResult> CreateAsync(string session, RequestBody body, SessionRegistry sessions, LabelTable labels, CancellationToken ct)
    {
        var (name, color) = Read(body.Json);
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        var known = labels.List(session);
        if (known.Count >= MaxLabels) throw new RuleException($"Maximum {MaxLabels} labels allowed");
        RefuseTaken(known, name, null);
        var id = labels.NextId(session);
        await live.Client.AppState.SaveLabelAsync(id, name, color, ct);
        return Results.Json(Shape(new(id, name, color)), statusCode: 201);
    }

    private static async Task<JsonObject> UpdateAsync(string session, string labelId, RequestBody body, SessionRegistry sessions, LabelTable labels, CancellationToken ct)
    {
        var (name, color) = Read(body.Json);
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        var label = Require(labels, session, labelId);
        RefuseTaken(labels.List(session), name, label.Id);
        await live.Client.AppState.SaveLabelAsync(label.Id, name, color, ct);
        return Shape(new(label.Id, name, color));
    }

    private static async Task<JsonObject> DeleteAsync(string session, string labelId, SessionRegistry sessions, LabelTable labels, CancellationToken ct)
    {
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        var label = Require(labels, session, labelId);
        await live.Client.AppState.DeleteLabelAsync(label.Id, label.Name, label.Color, ct);
        return new() { ["result"] = true };
    }

    private static void RefuseTaken(IReadOnlyList<Label> known, string name, string? own)
    {
        if (known.Any(label => label.Id != own && label.Name == name)) throw new RuleException($"Label with '{name}' already exists");
    }

    /// <summary>A name, and exactly one of the color's two forms.</summary>
    private static (string Name, int Color) Read(JsonObject body)
    {
        var name = Body.RequiredText(body, "name");
        var hex = Body.Text(body, "colorHex");
        if (hex is not null == body["color"] is not null) throw new RuleException("Use either 'color' or 'colorHex'");
        if (hex is not null) return (name, LabelColors.Find(hex) ?? throw new RuleException($"Invalid color: {hex}"));
        var color = Body.RequiredNumber(body, "color");
        return color >= 0 && color < LabelColors.Count ? (name, (int)color) : throw new RuleException($"Invalid color: {color}");
    }
}
