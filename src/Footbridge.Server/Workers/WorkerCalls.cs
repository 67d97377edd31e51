using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Storage;
using Footbridge.Server.Webhooks;

namespace Footbridge.Server.Workers;

/// <summary>What a worker may ask of the process that has the database and the sessions; the other side of the Remote… classes.</summary>
internal sealed class WorkerCalls
{
    /// <summary>Longest wait of one call, below the worker's own patience.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Func<Arguments, CancellationToken, Task<JsonNode?>>> _calls = new(StringComparer.Ordinal);

    public WorkerCalls(IAppSource apps, IChatPlaces places, IJobState state, ISessionGate sessions, IBookKeeper books, IWebhookSource webhooks)
    {
        AddState(apps, places, state, books);
        AddSessions(sessions);
        Add("webhook", async (a, ct) => Node(await webhooks.FindAsync(a.Text(0), a.Text(1), ct), WorkerJson.Default.Webhook));
    }

    /// <exception cref="KeyNotFoundException">There is no such call.</exception>
    public Task<JsonNode?> RunAsync(string name, JsonArray arguments, CancellationToken ct) =>
        _calls.TryGetValue(name, out var call) ? call(new(arguments), ct) : throw new KeyNotFoundException(name);

    private void AddState(IAppSource apps, IChatPlaces places, IJobState state, IBookKeeper books)
    {
        Add("app", async (a, ct) => Node(await apps.FindAsync(a.Text(0), ct), WorkerJson.Default.AppRecord));
        Add("place", async (a, ct) => Node(await places.FindAsync(a.Text(0), a.Text(1), ct), WorkerJson.Default.Place));
        Add("place.target", async (a, ct) => await places.TargetOfAsync(a.Text(0), a.Number(1), ct));
        Add("place.save", (a, ct) => places.SaveAsync(a.Text(0), a.Text(1), a.Read(2, WorkerJson.Default.Place), ct));
        Add("place.forget", (a, ct) => places.ForgetAsync(a.Text(0), a.Text(1), ct));
        Add("contact.forget", (a, ct) => places.ForgetContactAsync(a.Text(0), a.Number(1), a.NumberOrNull(2), ct));
        Add("message.whatsapp", async (a, ct) => Node(await state.ByWhatsAppAsync(a.Text(0), a.Text(1), ct), WorkerJson.Default.MappedMessage));
        Add("message.chatwoot", async (a, ct) => Node(await state.ByChatwootAsync(a.Text(0), a.Number(1), a.Number(2), ct), WorkerJson.Default.MappedMessage));
        Add("message.last", async (a, ct) => await state.LastPostedAsync(a.Text(0), a.Number(1), ct));
        Add("message.incoming", async (a, ct) => Node([.. await state.IncomingAsync(a.Text(0), a.Number(1), (a.Number(2), a.Number(3)), (int)a.Number(4), ct)], WorkerJson.Default.ListString));
        Add("message.save", (a, ct) => state.SaveMessageAsync(a.Text(0), a.Read(1, WorkerJson.Default.MappedMessage), ct));
        Add("message.ack", (a, ct) => state.SetAckAsync(a.Text(0), a.Text(1), (int)a.Number(2), ct));
        Add("message.failed", (a, ct) => state.MarkFailedAsync(a.Text(0), a.Text(1), a.Number(2), a.Number(3), ct));
        Add("message.sweep", async (a, ct) => await state.SweepMessagesAsync(a.Text(0), ct));
        Add("delivery", (a, ct) => state.AcceptAsync(a.Read(0, WorkerJson.Default.Delivery), ct));
        Add("books", (a, ct) => books.WriteAsync(a.Read(0, WorkerJson.Default.ListBookEntry), ct));
    }

    private void AddSessions(ISessionGate sessions)
    {
        Add("session", async (a, ct) => Node(await sessions.FindAsync(a.Text(0), ct), WorkerJson.Default.SessionView));
        Add("session.wait", async (a, ct) => await sessions.WaitAsync(a.Text(0), a.Text(1), Patience(a.Number(2)), ct));
        Add("session.send", (a, ct) => sessions.SendTextAsync(a.Text(0), Outgoing(a.Read(1, WorkerJson.Default.OutgoingCall)), ct));
        Add("session.read", (a, ct) => sessions.MarkReadAsync(a.Text(0), Jid.Parse(a.Text(1)), a.Read(2, WorkerJson.Default.ListString), ct));
        Add("session.find", async (a, ct) => (await sessions.FindAccountAsync(a.Text(0), a.Text(1), ct))?.ToString());
        Add("session.restart", (a, ct) => sessions.RestartAsync(a.Text(0), ct));
        Add("session.stop", (a, ct) => sessions.StopAsync(a.Text(0), ct));
        Add("session.logout", (a, ct) => sessions.LogoutAsync(a.Text(0), ct));
    }

    private void Add(string name, Func<Arguments, CancellationToken, Task<JsonNode?>> call) => _calls.Add(name, call);

    private void Add(string name, Func<Arguments, CancellationToken, Task> call) => _calls.Add(name, async (arguments, ct) =>
    {
        await call(arguments, ct);
        return null;
    });

    private static JsonNode? Node<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => JsonSerializer.SerializeToNode(value, type);

    private static TimeSpan Patience(long milliseconds) => TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, (long)LongestWait.TotalMilliseconds));

    private static OutgoingText Outgoing(OutgoingCall call) => new(
        call.Id, Jid.Parse(call.To), call.Text, call is { QuotedId: { } id, QuotedAuthor: { } author } ? new(id, Jid.Parse(author), null) : null);

    /// <summary>A call's arguments by their place; a wrong one is an <see cref="InvalidOperationException"/>.</summary>
    private readonly struct Arguments(JsonArray values)
    {
        public string Text(int place) => At(place)!.GetValue<string>();

        public long Number(int place) => At(place)!.GetValue<long>();

        public long? NumberOrNull(int place) => At(place)?.GetValue<long>();

        public T Read<T>(int place, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => At(place).Deserialize(type)!;

        private JsonNode? At(int place) => place < values.Count ? values[place] : throw new InvalidOperationException($"argument {place} is missing");
    }
}
