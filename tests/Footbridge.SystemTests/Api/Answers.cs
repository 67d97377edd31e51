using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Footbridge.SystemTests.Api;

/// <summary>Calls, and compares whole bodies.</summary>
internal static class Answers
{
    public static async Task<(int Status, JsonNode? Body)> CallAsync(this HttpClient api, HttpMethod method, string path, JsonNode? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await api.SendAsync(request, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public static Task<(int Status, JsonNode? Body)> GetAsync(this HttpClient api, string path, int expected, CancellationToken ct) =>
        api.ExpectAsync(HttpMethod.Get, path, null, expected, ct);

    public static async Task<(int Status, JsonNode? Body)> ExpectAsync(this HttpClient api, HttpMethod method, string path, JsonNode? body, int expected, CancellationToken ct)
    {
        var answer = await api.CallAsync(method, path, body, ct);
        Assert.True(answer.Status == expected, $"{method} {path}: {answer.Status} {answer.Body?.ToJsonString()}");
        return answer;
    }

    public static void Same(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nactual   {actual?.ToJsonString()}");

    public static StringContent Form(string fields) => new(fields, Encoding.UTF8, "application/x-www-form-urlencoded");
}
