using Footbridge.Engine.Messages.Contents;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Polls and votes in them.</summary>
internal static class SendPoll
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/sendPoll", SendAsync).WithTags("Chatting");
        api.MapPost("/api/sendPollVote", VoteAsync).WithTags("Chatting").WithSummary("in polls that came in, or were sent, while the account was linked here");
    }

    private static async Task<IResult> SendAsync(RequestBody body, string? session, SessionRegistry sessions, IMessageArchive archive, CancellationToken ct)
    {
        var request = SendRequest.Read(body, session);
        var poll = Body.Object(request.Fields, "poll") ?? throw new InvalidRequestException("poll must be an object");
        var name = Body.RequiredText(poll, "name");
        var options = SendRequest.Texts(poll, "options");
        if (options.Count is < PollContents.MinOptions or > PollContents.MaxOptions) throw new InvalidRequestException($"poll.options must have {PollContents.MinOptions} to {PollContents.MaxOptions} values");
        if (options.Distinct(StringComparer.Ordinal).Count() != options.Count) throw new InvalidRequestException("poll.options must differ");
        var allowsMany = Body.Flag(poll, "multipleAnswers") ?? false;
        var live = await request.OpenAsync(sessions, ct);
        return await request.SendAsync(live, PollContents.Poll(name, options, allowsMany, await request.ContextAsync(live, archive, ct)), ct);
    }

    private static async Task<IResult> VoteAsync(RequestBody body, string? session, SessionRegistry sessions, IMessageArchive archive, CancellationToken ct)
    {
        var request = SendRequest.Read(body, session);
        var poll = MessageRef.Parse(Body.RequiredText(request.Fields, "pollMessageId"));
        if (request.Fields["votes"] is null) throw new InvalidRequestException("votes must be an array");
        var votes = SendRequest.Texts(request.Fields, "votes");
        var live = await request.OpenAsync(sessions, ct);
        using var span = Traces.Send(request.Id);
        var sent = await live.Client.VoteAsync(request.Id, request.Chat, poll.Id, votes, ct);
        return Results.Json(SentShape.Of(sent, new() { PollUpdateMessage = new() { PollCreationMessageKey = new() { Id = poll.Id } } }, live.Me), statusCode: 201);
    }
}
