using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Interop;

/// <summary>One account of an npm WhatsApp client: a further device of a phone in the simulator.</summary>
internal sealed class NpmClient(NpmHost host, FakePhone phone)
{
    private readonly Lock _gate = new();
    private readonly List<JsonObject> _events = [];
    private readonly List<(Func<JsonObject, bool> Matches, TaskCompletionSource<JsonObject> Found)> _waiting = [];

    public FakePhone Phone => phone;

    /// <summary>The linked device's own address.</summary>
    public Jid Device { get; set; }

    /// <summary>Texts from others, in the order the client told of them.</summary>
    public IReadOnlyList<(string Id, string Text, string? QuotedId)> Received
    {
        get
        {
            lock (_gate) return [.. _events.Where(e => Is(e, "message") && !e["fromMe"]!.GetValue<bool>()).Select(e => (Id(e), e["text"]?.ToString() ?? "", e["quotedId"]?.ToString()))];
        }
    }

    public async Task<string> SendTextAsync(string toDigits, string text, string? quotedId, CancellationToken ct)
    {
        var result = await RunAsync("sendText", new() { ["to"] = toDigits, ["text"] = text, ["quotedId"] = quotedId }, ct);
        return result!["id"]!.ToString();
    }

    /// <summary>Sends a message of any kind that the driver knows; returns its id.</summary>
    public async Task<string> SendAsync(string toDigits, string kind, JsonObject fields, CancellationToken ct)
    {
        (fields["to"], fields["kind"]) = (toDigits, kind);
        return (await RunAsync("send", fields, ct))!["id"]!.ToString();
    }

    /// <summary>A reaction to, or an edit or a delete of, a message.</summary>
    public Task<JsonObject> WaitChangeAsync(string id, string kind, CancellationToken ct) => WaitAsync("change", e => Id(e) == id && e["kind"]!.ToString() == kind, ct);

    /// <summary>Sends a file; <paramref name="kind"/> is image, video, ptt, document or sticker.</summary>
    /// <param name="to">A person's number, or a group.</param>
    public async Task<string> SendMediaAsync(string to, string kind, byte[] bytes, CancellationToken ct, bool isViewOnce = false)
    {
        var result = await RunAsync("sendMedia", new() { ["to"] = to, ["kind"] = kind, ["data"] = Convert.ToBase64String(bytes), ["isViewOnce"] = isViewOnce }, ct);
        return result!["id"]!.ToString();
    }

    /// <summary>What the client downloaded and decrypted of a message: kind, mimetype and hash.</summary>
    public Task<JsonObject> WaitMediaAsync(string id, CancellationToken ct) => WaitAsync("media", e => Id(e) == id, ct);

    public Task ReadAsync(string fromDigits, string id, CancellationToken ct) => RunAsync("read", new() { ["from"] = fromDigits, ["id"] = id }, ct);

    /// <summary>Votes in a poll that somebody sent it.</summary>
    public Task VoteAsync(string creatorDigits, string pollId, string option, CancellationToken ct) =>
        RunAsync("vote", new() { ["to"] = creatorDigits, ["pollId"] = pollId, ["options"] = new JsonArray(option) }, ct);

    /// <summary>Closes its connection, and opens none before <see cref="ComeBackAsync"/>.</summary>
    public Task GoAwayAsync(CancellationToken ct) => RunAsync("goAway", [], ct);

    public Task ComeBackAsync(CancellationToken ct) => RunAsync("comeBack", [], ct);

    /// <summary>Loses all Signal sessions, so that the next message cannot be opened.</summary>
    public Task ForgetSessionsAsync(CancellationToken ct) => RunAsync("forgetSessions", [], ct);

    public async Task<Jid> CreateGroupAsync(string subject, string[] members, CancellationToken ct)
    {
        var result = await RunAsync("createGroup", new() { ["subject"] = subject, ["members"] = new JsonArray([.. members.Select(m => (JsonNode)m)]) }, ct);
        var id = result!["id"]!.ToString();
        return id.Contains('@', StringComparison.Ordinal) ? Jid.Parse(id) : new(id, JidServer.Group);
    }

    public async Task<string> SendGroupTextAsync(Jid group, string text, CancellationToken ct) =>
        (await RunAsync("sendGroupText", new() { ["group"] = group.ToString(), ["text"] = text }, ct))!["id"]!.ToString();

    public Task LeaveGroupAsync(Jid group, CancellationToken ct) => RunAsync("leaveGroup", new() { ["group"] = group.ToString() }, ct);

    /// <summary>Loses all sender keys, its own too.</summary>
    public Task ForgetSenderKeysAsync(CancellationToken ct) => RunAsync("forgetSenderKeys", [], ct);

    /// <summary>Pins a chat on all devices of the account, or unpins it.</summary>
    public Task PinAsync(string digits, bool isPinned, CancellationToken ct) => RunAsync("pin", new() { ["chat"] = digits, ["isPinned"] = isPinned }, ct);

    public Task<JsonObject> WaitPinnedAsync(string chat, bool isPinned, CancellationToken ct) =>
        WaitAsync("chat", e => e["chat"]?.ToString() == chat && e["isPinned"]?.GetValue<bool>() == isPinned, ct);

    public Task<JsonObject> WaitTextAsync(string text, CancellationToken ct) => WaitAsync("message", e => e["text"]?.ToString() == text, ct);

    public Task<JsonObject> WaitMessageAsync(string id, CancellationToken ct) => WaitAsync("message", e => Id(e) == id, ct);

    /// <summary>A receipt for a message of its own. Baileys merges receipts that follow closely, so <c>read</c> stands for <c>delivered</c> too.</summary>
    public Task<JsonObject> WaitReceiptAsync(string id, string level, CancellationToken ct) =>
        WaitAsync("receipt", e => Id(e) == id && (e["level"]!.ToString() == level || e["level"]!.ToString() == "read"), ct);

    /// <summary>The first event of a kind, past or to come, that matches.</summary>
    public async Task<JsonObject> WaitAsync(string kind, Func<JsonObject, bool> matches, CancellationToken ct)
    {
        Task<JsonObject> found;
        lock (_gate)
        {
            if (_events.FirstOrDefault(e => Is(e, kind) && matches(e)) is { } past) return past;
            var waiter = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((e => Is(e, kind) && matches(e), waiter));
            found = waiter.Task;
        }

        try
        {
            return await found.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            lock (_gate) throw new TimeoutException($"no {kind} came; the client's last events: {string.Join('\n', _events.TakeLast(8).Select(e => e.ToJsonString()))}\n{host.Errors}");
        }
    }

    public Task<JsonNode?> RunAsync(string op, JsonObject args, CancellationToken ct) => host.RunAsync(phone.Number.User, op, args, ct);

    public void Take(JsonObject e)
    {
        lock (_gate)
        {
            _events.Add(e);
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (!_waiting[i].Matches(e)) continue;
                _waiting[i].Found.TrySetResult(e);
                _waiting.RemoveAt(i);
            }
        }
    }

    private static bool Is(JsonObject e, string kind) => e["event"]!.ToString() == kind;

    private static string Id(JsonObject e) => e["id"]!.ToString();
}
