using Footbridge.Engine;
using Footbridge.Server.Media;
using Footbridge.Server.Storage;
using Footbridge.Server.Storage.Archive;

namespace Footbridge.Server.Sessions;

/// <summary>Makes sessions of what is stored of them.</summary>
internal sealed class SessionFactory(
    SessionTable table, SessionStores stores, EngineOptions options, MessageArchive archive, Ledger ledger, MediaLinks links, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>A session that is not started; each start of it reads the configuration anew.</summary>
    public Session Create(string name) => new(name, () => OptionsOf(name), links, events => stores.Open(name, events), ledger, time, loggers.CreateLogger<Session>());

    private WaClientOptions OptionsOf(string session) =>
        options.For(session, table.FindConfig(session) ?? [], table.OlderThan(session)) with { ChatHistory = new LastMessages(archive, session) };
}
