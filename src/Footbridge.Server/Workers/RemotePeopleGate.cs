using System.Text.Json;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Workers;

/// <summary>Questions about people over HTTP.</summary>
internal sealed class RemotePeopleGate(WorkerClient api) : IPeopleGate
{
    public async Task<Jid?> FindAccountAsync(string session, string phoneDigits, CancellationToken ct) =>
        Jid.TryParse(await api.AskAsync("people.find", [session, phoneDigits], WorkerJson.Default.String, ct), out var jid) ? jid : null;

    public async ValueTask<string?> FindNameAsync(string session, Jid person, CancellationToken ct) =>
        await api.AskAsync("people.name", [session, person.ToString()], WorkerJson.Default.String, ct);

    public async ValueTask<string?> FindSavedNameAsync(string session, Jid person, CancellationToken ct) =>
        await api.AskAsync("people.saved", [session, person.ToString()], WorkerJson.Default.String, ct);

    public async ValueTask<IReadOnlyList<Jid>> FindAddressesAsync(string session, Jid person, CancellationToken ct) =>
        [.. (await api.AskAsync("people.addresses", [session, person.ToString()], WorkerJson.Default.ListString, ct) ?? []).Select(Jid.Parse)];

    public Task<PictureFile?> FindPictureAsync(string session, Jid owner, string? known, CancellationToken ct) =>
        api.AskAsync("people.picture", [session, owner.ToString(), known], WorkerJson.Default.PictureFile, ct);

    public Task<int?> CountMembersAsync(string session, Jid group, CancellationToken ct) => api.AskAsync("people.count", [session, group.ToString()], WorkerJson.Default.NullableInt32, ct);

    public Task<string?> FindChatNameAsync(string session, Jid chat, CancellationToken ct) => api.AskAsync("people.chat", [session, chat.ToString()], WorkerJson.Default.String, ct);
}
