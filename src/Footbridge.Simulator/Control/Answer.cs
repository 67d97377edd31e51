using System.Text.Json.Nodes;

namespace Footbridge.Simulator.Control;

/// <summary>How the control API says no.</summary>
internal static class Answer
{
    public static IResult Refuse(int status, string why) => Results.Json(new JsonObject { ["error"] = why }, statusCode: status);

    public static IResult NoPhone(string number) => Refuse(404, $"nobody has the number {number}");
}
