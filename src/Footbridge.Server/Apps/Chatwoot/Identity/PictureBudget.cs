using Footbridge.Server.Config;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>How many pictures a session asks WhatsApp for in an hour: clients that ask for many at once are slowed down, and worse.</summary>
internal sealed class PictureBudget(Settings settings, TimeProvider time)
{
    private readonly Allowance _pictures = new(settings.PicturesPerHour, TimeSpan.FromHours(1), time);

    public bool Take(string session) => _pictures.Take(session);
}
