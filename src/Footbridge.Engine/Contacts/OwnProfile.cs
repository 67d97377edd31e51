using Footbridge.Engine.AppState;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Contacts;

/// <summary>How the account shows itself to others. Its picture is set through <see cref="ProfilePictures"/>.</summary>
public sealed class OwnProfile
{
    public const int MaxNameLength = 25;
    public const int MaxAboutLength = 139;
    private readonly AccountContext _context;

    internal OwnProfile(AccountContext context) => _context = context;

    /// <summary>Both own addresses and the name, as known now.</summary>
    public Account Account => _context.Link.Me;

    /// <summary>Tells the account's other devices of a new name, by app state; null until that feature sets it.</summary>
    internal Func<string, CancellationToken, Task>? ShareName { get; set; }

    /// <summary>Changes the name others see: at once by presence, and on the account's other devices when they can be told.</summary>
    /// <exception cref="ArgumentException">It is empty or longer than 25 characters.</exception>
    /// <exception cref="NotOnlineException">The account is not online.</exception>
    public async Task SetNameAsync(string name, CancellationToken ct)
    {
        if (name.Length is 0 or > MaxNameLength) throw new ArgumentException($"a name has 1 to {MaxNameLength} characters");
        _context.Link.RequireOnline();
        await ShareAsync(name, ct);
        await _context.StoreAsync((batch, _) =>
        {
            var credentials = _context.Link.Credentials;
            credentials = credentials with { Account = _context.Link.Me with { PushName = name } };
            _context.Link.Replace(credentials);
            credentials.Save(batch);
            return ValueTask.CompletedTask;
        }, ct);
        _context.Link.Send(Node.Of("presence", [("type", "available"), ("name", name)]));
    }

    /// <summary>Sets the text beside the name.</summary>
    /// <exception cref="ArgumentException">It is longer than 139 characters.</exception>
    /// <exception cref="QueryFailedException">WhatsApp refuses.</exception>
    public async Task SetAboutAsync(string text, CancellationToken ct)
    {
        if (text.Length > MaxAboutLength) throw new ArgumentException($"an about text has at most {MaxAboutLength} characters");
        await _context.QueryAsync(Iq.Set("status", Node.OfText("status", text)), ct);
    }

    /// <summary>The name holds without them too, so other devices that cannot be told are logged and no more.</summary>
    private async Task ShareAsync(string name, CancellationToken ct)
    {
        try
        {
            if (ShareName is { } share) await share(name, ct);
        }
        catch (AppStateUnavailableException e)
        {
            _context.Logger.BackgroundStepFailed("telling the account's other devices its new name", e.Message);
        }
    }
}
