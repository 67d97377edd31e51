using Footbridge.Engine.Channels;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Channels;

/// <summary>Channels made, deleted, followed and muted.</summary>
internal static class ChangeChannels
{
    private const int MaxPictureBytes = 1024 * 1024;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/{session}/channels", CreateAsync).WithTags("Channels").WithSummary("`picture` must be a JPEG of at most 1 MiB");
        api.MapDelete("/api/{session}/channels/{id}", DeleteAsync).WithTags("Channels");
        Change("follow", (channels, channel, ct) => channels.FollowAsync(channel, ct));
        Change("unfollow", (channels, channel, ct) => channels.UnfollowAsync(channel, ct));
        Change("mute", (channels, channel, ct) => channels.SetMutedAsync(channel, true, ct));
        Change("unmute", (channels, channel, ct) => channels.SetMutedAsync(channel, false, ct));

        void Change(string name, Func<ChannelsFeature, Jid, CancellationToken, Task> change) => api.MapPost(
            $"/api/{{session}}/channels/{{id}}/{name}",
            async (string session, string id, SessionRegistry sessions, CancellationToken ct) =>
            {
                var channel = ChannelCall.ChannelId(id);
                await change(await sessions.ChannelsAsync(session, ct), channel, ct);
                return Results.StatusCode(StatusCodes.Status201Created);
            }).WithTags("Channels");
    }

    private static async Task<IResult> CreateAsync(string session, RequestBody body, SessionRegistry sessions, OutgoingFiles files, CancellationToken ct)
    {
        var (name, description) = (Body.RequiredText(body.Json, "name"), Body.Text(body.Json, "description"));
        var file = Body.Object(body.Json, "picture");
        var channels = await sessions.ChannelsAsync(session, ct);
        byte[]? picture = null;
        if (file is not null)
        {
            using var opened = await files.OpenAsync(file, ct);
            picture = await JpegAsync(opened, ct);
        }

        return Results.Json(ChannelShapes.Channel(await channels.CreateAsync(name, description, picture, ct)), statusCode: 201);
    }

    private static async Task<IResult> DeleteAsync(string session, string id, SessionRegistry sessions, CancellationToken ct)
    {
        var channel = ChannelCall.ChannelId(id);
        await (await sessions.ChannelsAsync(session, ct)).DeleteAsync(channel, ct);
        return Results.Ok();
    }

    private static async Task<byte[]> JpegAsync(OutgoingFile file, CancellationToken ct)
    {
        if (new FileInfo(file.Path).Length > MaxPictureBytes) throw new InvalidRequestException($"picture must not be larger than {MaxPictureBytes} bytes");
        var bytes = await File.ReadAllBytesAsync(file.Path, ct);
        return MimeTypes.Detect(bytes) == "image/jpeg" ? bytes : throw new InvalidRequestException("picture must be a JPEG");
    }
}
