using Footbridge.Engine.AppState;
using Footbridge.Engine.Calls;
using Footbridge.Engine.Channels;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Groups;
using Footbridge.Engine.History;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Pairing;
using Footbridge.Engine.Presence;
using Footbridge.Engine.Status;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine;

/// <summary>One WhatsApp account as a linked device: the engine's public face.</summary>
/// <remarks>
/// Durable events go through <see cref="IDeviceStore.CommitAsync"/>; connection changes through the callback given at
/// construction, one at a time. All members may be called from any thread; the account's own loop does the work.
/// </remarks>
public sealed class WaClient : IAsyncDisposable
{
    private readonly IDeviceStore _store;
    private readonly Action<ConnectionState> _stateChanged;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _telling = new();
    private readonly SemaphoreSlim _lifecycle = new(1);
    private Run? _run;

    public WaClient(WaClientOptions options, IDeviceStore store, Action<ConnectionState> stateChanged, TimeProvider time, ILogger logger)
    {
        (Options, _store, _stateChanged, _time, _logger) = (options, store, stateChanged, time, logger);
    }

    /// <summary>How to connect; a change counts from the next start on.</summary>
    public WaClientOptions Options { get; set; }

    public ConnectionState State { get; private set; } = new ConnectionState.Stopped();

    /// <summary>Told of people's presence, live and from the account's own loop: it must be quick. Nothing is kept for who does not listen.</summary>
    public Action<PresenceUpdate>? PresenceChanged { get; init; }

    /// <summary>Who the account is, while it is online.</summary>
    public Account? Me => (State as ConnectionState.Online)?.Me;

    /// <summary>What shows that the account really is connected. Never older than the last start.</summary>
    public LivenessSnapshot Liveness => _run?.Liveness ?? LivenessSnapshot.None;

    /// <summary>Connects, and keeps connecting until stopped. Pairs by QR when the store has no credentials.</summary>
    /// <exception cref="ProtocolException">The stored credentials cannot be read.</exception>
    public async Task StartAsync(CancellationToken ct)
    {
        await _lifecycle.WaitAsync(ct);
        try
        {
            if (_run is { IsRunning: true }) return;
            if (_run is not null) await _run.DisposeAsync();
            var credentials = await Credentials.LoadAsync(_store, ct) ?? await CreateCredentialsAsync(ct);
            _run = new Run(credentials, Options, _store, Tell, _time, _logger, PresenceChanged);
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    /// <summary>Lets the owner of a number link this device by typing a code on the phone, instead of scanning the QR code that is shown meanwhile.</summary>
    /// <param name="phoneDigits">The account's number in international form, digits only.</param>
    /// <param name="code">Eight characters of the code's alphabet, or null for random ones.</param>
    /// <returns>The code, without a hyphen; the phone takes it for 180 s. A further call makes it void.</returns>
    /// <exception cref="ArgumentException">The number or the code has the wrong form.</exception>
    /// <exception cref="NotOnlineException">The account is not waiting to be linked.</exception>
    /// <exception cref="QueryFailedException">WhatsApp refuses a code for this number, or for now.</exception>
    /// <exception cref="TimeoutException">WhatsApp did not answer in time.</exception>
    public Task<string> RequestLinkCodeAsync(string phoneDigits, string? code, CancellationToken ct) => Live.LinkCodes.RequestAsync(phoneDigits, code, ct);

    /// <summary>Hands WhatsApp the passkey's answer to the challenge of <see cref="ConnectionState.PasskeyRequired"/>; returns when the server has taken it.</summary>
    /// <param name="assertionJson">What <c>navigator.credentials.get()</c> gave, by its <c>toJSON()</c>.</param>
    /// <exception cref="ArgumentException">It is malformed, or an answer to another challenge. The challenge stays.</exception>
    /// <exception cref="NotOnlineException">No challenge is pending.</exception>
    /// <exception cref="QueryFailedException">WhatsApp does not believe it. The challenge stays.</exception>
    /// <exception cref="TimeoutException">WhatsApp did not answer in time.</exception>
    public Task AnswerPasskeyAsync(string assertionJson, CancellationToken ct) => Live.Passkeys.AnswerAsync(assertionJson, ct);

    /// <summary>The owner says that the code of <see cref="ConnectionState.PasskeyConfirmation"/> is the one on the phone.</summary>
    /// <exception cref="NotOnlineException">No code is to be confirmed.</exception>
    /// <exception cref="QueryFailedException">WhatsApp refuses; it may be tried again.</exception>
    /// <exception cref="TimeoutException">WhatsApp did not answer in time.</exception>
    public Task ConfirmPasskeyAsync(CancellationToken ct) => Live.Passkeys.ConfirmAsync(ct);

    /// <summary>Closes the connection; credentials stay.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        await _lifecycle.WaitAsync(ct);
        try
        {
            await EndRunAsync();
            Tell(new ConnectionState.Stopped());
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    /// <summary>Removes this device from the account, and its state from the store, also when the server cannot be told.</summary>
    public async Task LogoutAsync(CancellationToken ct)
    {
        await _lifecycle.WaitAsync(ct);
        try
        {
            if (_run is { IsRunning: true } run) await run.TellServerOfLogoutAsync(ct);
            await EndRunAsync();
            await _store.EraseAsync(ct);
            Tell(new ConnectionState.Stopped());
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    /// <summary>Sends a message to all devices of both sides and returns when WhatsApp's server has acknowledged it.</summary>
    /// <exception cref="NotOnlineException">The account is not online; nothing has been sent, or the connection broke before the answer.</exception>
    /// <exception cref="SendFailedException">WhatsApp refused it.</exception>
    /// <exception cref="TimeoutException">WhatsApp did not answer in time; the message may have been sent. Send the same id again.</exception>
    public Task<SentMessage> SendAsync(OutgoingMessage message, CancellationToken ct) => Live.Messages.Sender.SendAsync(message, ct);

    /// <inheritdoc cref="SendAsync"/>
    public Task<SentMessage> SendTextAsync(OutgoingText text, CancellationToken ct) => SendAsync(new(text.Id, text.To, TextContent.Build(text)) { Tag = text.Tag }, ct);

    /// <summary>Whether messages to this kind of chat can be sent.</summary>
    public bool CanSendTo(Jid chat) => Live.Messages.Sender.CanSendTo(chat);

    /// <summary>Votes in a poll; an empty list takes the vote back. <paramref name="id"/> is the vote's own.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public Task<SentMessage> VoteAsync(string id, Jid chat, string pollId, IReadOnlyList<string> options, CancellationToken ct) => Live.Messages.VoteAsync(id, chat, pollId, options, ct);

    /// <summary>Tells the sender that messages of a 1:1 chat were read.</summary>
    public Task MarkReadAsync(Jid chat, IReadOnlyList<string> messageIds, CancellationToken ct) => MarkReadAsync(chat, null, messageIds, false, ct);

    /// <summary>Tells <paramref name="sender"/> that messages in a group or of the status feed were read.</summary>
    public Task MarkReadAsync(Jid chat, Jid? sender, IReadOnlyList<string> messageIds, CancellationToken ct) => MarkReadAsync(chat, sender, messageIds, false, ct);

    /// <summary>Tells the sender that messages were read, or listened to; only the own devices when the account's privacy says so.</summary>
    /// <param name="participant">Whose messages they are, in groups; null in direct chats.</param>
    public Task MarkReadAsync(Jid chat, Jid? participant, IReadOnlyList<string> messageIds, bool isPlayed, CancellationToken ct) =>
        Live.Messages.MarkReadAsync(chat, participant, messageIds, isPlayed, ct);

    /// <exception cref="NotOnlineException">The account is not started.</exception>
    public GroupsFeature Groups => Live.Groups;

    /// <exception cref="NotOnlineException">The account is not started.</exception>
    public StatusFeature Status => Live.Status;

    /// <summary>Chats, messages, contacts and labels as all devices of the account see them.</summary>
    /// <exception cref="NotOnlineException">The account is not started.</exception>
    public AppStateFeature AppState => Live.AppState;

    /// <summary>The account's past, from its phone.</summary>
    /// <exception cref="NotOnlineException">The account is not started.</exception>
    public HistoryFeature History => Live.History;

    /// <summary>The other address of a person (phone for a LID, LID for a phone), from the store; null when not known.</summary>
    public async ValueTask<Jid?> FindTwinAsync(Jid user, CancellationToken ct) => await LidMap.FindTwinAsync(_store, user, ct);

    /// <inheritdoc cref="LidMap.FindFormerPhonesAsync"/>
    public ValueTask<IReadOnlyList<Jid>> FindFormerPhonesAsync(Jid lid, CancellationToken ct) => LidMap.FindFormerPhonesAsync(_store, lid, ct);

    /// <summary>Asks WhatsApp whether a phone number (digits) has an account; null when it has none.</summary>
    public async Task<Events.Party?> FindAccountAsync(string phoneDigits, CancellationToken ct) => (await Contacts.Numbers.FindAsync([phoneDigits], ct))[phoneDigits];

    /// <exception cref="NotOnlineException">The account is not started.</exception>
    public ContactsFeature Contacts => Live.Contacts;

    /// <exception cref="NotOnlineException">The account is not started.</exception>
    public PresenceFeature Presence => Live.Presence;

    /// <exception cref="NotOnlineException">The account is not started.</exception>
    public CallsFeature Calls => Live.Calls;

    /// <exception cref="NotOnlineException">The account is not started.</exception>
    public ChannelsFeature Channels => Live.Channels;

    /// <summary>Files of messages.</summary>
    /// <exception cref="NotOnlineException">The account is not started.</exception>
    public MediaFeature Media => Live.Media;

    public async ValueTask DisposeAsync()
    {
        await EndRunAsync();
        _lifecycle.Dispose();
    }

    private Run Live => _run ?? throw new NotOnlineException("the account is not started");

    private async Task<Credentials> CreateCredentialsAsync(CancellationToken ct)
    {
        var credentials = Credentials.Create();
        var batch = new StoreBatch();
        credentials.Save(batch);
        await _store.CommitAsync(batch, ct);
        return credentials;
    }

    private async Task EndRunAsync()
    {
        if (_run is { } run) await run.DisposeAsync();
        _run = null;
    }

    private void Tell(ConnectionState state)
    {
        lock (_telling)
        {
            if (State is ConnectionState.Stopped && state is ConnectionState.Stopped) return;
            State = state;
            _stateChanged(state);
        }
    }
}
