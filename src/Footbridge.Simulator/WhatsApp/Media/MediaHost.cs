using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;

namespace Footbridge.Simulator.WhatsApp.Media;

/// <summary>WhatsApp's media host: keeps sealed files by path, and never learns what is in them.</summary>
internal sealed class MediaHost : IDisposable
{
    /// <summary>Where files of channels go, in clear.</summary>
    private const string ClearFolder = "/newsletter";
    private const int MaxBodyBytes = 256 * 1024 * 1024;
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _gone = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<MediaRequest> _requests = [];
    private string _auth = NewAuth();

    /// <summary>Self-signed, for loopback.</summary>
    public X509Certificate2 Certificate { get; } = CreateCertificate();

    /// <summary>SHA-256 in hex.</summary>
    public string CertificateHash => Convert.ToHexStringLower(Certificate.GetCertHash(HashAlgorithmName.SHA256));

    /// <summary>Host and port.</summary>
    public string Authority { get; set; } = "";

    /// <summary>Hosts told to clients before this one.</summary>
    public IReadOnlyList<string> OtherHosts { get; set; } = [];

    /// <summary>The first fault that a request gets, or null.</summary>
    public Func<MediaRequest, MediaFault?>? Fault { get; set; }

    /// <summary>Requests wait here before they are looked at; completed when there is nothing to wait for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>A download is asked for.</summary>
    public event Action? Arrived;

    /// <summary>All requests, in order.</summary>
    public IReadOnlyList<MediaRequest> Requests => [.. _requests];

    public IReadOnlyCollection<string> Paths => [.. _files.Keys];

    /// <summary>What clients were told to show at uploads is not accepted any more.</summary>
    public void RenewAuth() => _auth = NewAuth();

    /// <summary>Answers with this status where the file was.</summary>
    public void Expire(string path, int status = 404) => _gone[PlainPath(path)] = status;

    /// <summary>Keeps a sealed file and says where.</summary>
    public string Store(byte[] body)
    {
        var path = $"/v/t62.7118-24/{RandomNumberGenerator.GetHexString(24, lowercase: true)}";
        _files[path] = body;
        return $"{path}?ccb=11-4&oh={RandomNumberGenerator.GetHexString(16)}&oe=70000000";
    }

    /// <summary>A sealed file, also when it is gone for clients.</summary>
    public byte[]? Find(string path) => _files.GetValueOrDefault(PlainPath(path));

    /// <summary>The answer to <c>media_conn</c>.</summary>
    public Node Describe() => Node.Of("media_conn", [("auth", _auth), ("ttl", 300), ("auth_ttl", 21600), ("max_buckets", 12)],
        [.. OtherHosts.Append(Authority).Select(host => Node.Of("host", [("hostname", host), ("type", "primary")]))]);

    public void Map(IEndpointRouteBuilder host)
    {
        host.MapPost("/mms/{type}/{token}", UploadAsync);
        host.MapPost(ClearFolder + "/{type}/{token}", UploadAsync);
        host.MapDelete("/mms/{type}/{token}", RemoveAsync);
        host.MapGet("/v/{**path}", DownloadAsync);
    }

    public void Dispose() => Certificate.Dispose();

    private async Task<IResult> UploadAsync(string token, HttpRequest request, CancellationToken ct)
    {
        if (FaultOf(request) is { } fault) return await AnswerAsync(fault, request.HttpContext, [], ct);
        if (request.Query["auth"] != _auth) return Results.StatusCode(StatusCodes.Status401Unauthorized);
        // Baileys 6 does not say how long its body is.
        using var memory = new MemoryStream();
        await request.Body.CopyToAsync(memory, ct);
        if (memory.Length > MaxBodyBytes) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        var body = memory.ToArray();
        if (token.TrimEnd('=') != TokenOf(body)) return Results.BadRequest();
        var path = Store(body);
        var answer = new JsonObject { ["url"] = $"https://{Authority}{path}", ["direct_path"] = path, ["object_id"] = Guid.NewGuid().ToString("N") };
        if (request.Path.StartsWithSegments(ClearFolder)) answer["handle"] = RandomNumberGenerator.GetHexString(16);
        return Results.Json(answer);
    }

    private async Task<IResult> DownloadAsync(HttpRequest request, CancellationToken ct)
    {
        var file = _files.GetValueOrDefault(request.Path.Value!);
        Arrived?.Invoke();
        await Gate.WaitAsync(ct);
        if (FaultOf(request) is { } fault) return await AnswerAsync(fault, request.HttpContext, file ?? [], ct);
        if (_gone.TryGetValue(request.Path.Value!, out var status)) return Results.StatusCode(status);
        return file is null ? Results.NotFound() : Results.Bytes(file, "application/octet-stream", enableRangeProcessing: true);
    }

    /// <summary>Deletes a file whose place and hash are named; one that has a handle takes a proof as well.</summary>
    private async Task<IResult> RemoveAsync(string token, HttpRequest request, CancellationToken ct)
    {
        if (FaultOf(request) is { } fault) return await AnswerAsync(fault, request.HttpContext, [], ct);
        if (request.Query["auth"] != _auth) return Results.StatusCode(StatusCodes.Status401Unauthorized);
        if (request.Query.ContainsKey("e_handle") && request.Headers["Companion_User_Secret"].Count == 0) return Results.StatusCode(StatusCodes.Status403Forbidden);
        var place = request.Query["d_md"].ToString().Replace('-', '+').Replace('_', '/');
        var path = Encoding.UTF8.GetString(Convert.FromBase64String(place.PadRight((place.Length + 3) / 4 * 4, '=')));
        if (!_files.TryGetValue(path, out var body)) return Results.NotFound();
        if (token.TrimEnd('=') != TokenOf(body)) return Results.BadRequest();
        _files.TryRemove(path, out _);
        return Results.Ok();
    }

    private static string TokenOf(byte[] body) => Convert.ToBase64String(SHA256.HashData(body)).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    private MediaFault? FaultOf(HttpRequest request)
    {
        var seen = new MediaRequest(request.Method, request.Host.Value ?? "", request.Path.Value + request.QueryString.Value) { Proof = request.Headers["Companion_User_Secret"] };
        _requests.Enqueue(seen);
        return Fault?.Invoke(seen);
    }

    private static async Task<IResult> AnswerAsync(MediaFault fault, HttpContext context, byte[] file, CancellationToken ct)
    {
        switch (fault)
        {
            case MediaFault.Status status:
                if (status.RetryAfter is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
                if (status.Location is { } location) context.Response.Headers.Location = location;
                return Results.StatusCode(status.Code);
            case MediaFault.WrongByte:
                var wrong = file.ToArray();
                wrong[^1] ^= 1;
                return Results.Bytes(wrong, "application/octet-stream");
            default:
                await BreakAsync(fault, context, file, ct);
                return Results.Empty;
        }
    }

    private static async Task BreakAsync(MediaFault fault, HttpContext context, byte[] file, CancellationToken ct)
    {
        context.Response.ContentLength = file.Length;
        await context.Response.Body.WriteAsync(file.AsMemory(0, file.Length / 2), ct);
        await context.Response.Body.FlushAsync(ct);
        if (fault is MediaFault.Stalled) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }

    private static string PlainPath(string path) => path.Split('?')[0];

    private static string NewAuth() => RandomNumberGenerator.GetHexString(32);

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
