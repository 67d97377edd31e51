using Footbridge.Server.Storage;

namespace Footbridge.Server.Media;

/// <summary>The parts that deal with files of messages.</summary>
internal static class MediaSetup
{
    public static IServiceCollection AddMedia(this IServiceCollection services) => services
        .AddSingleton<MediaLinks>().AddSingleton<MediaTransport>().AddSingleton<MediaFolder>().AddSingleton<MediaInbox>().AddSingleton<IEventProjection>(s => s.GetRequiredService<MediaInbox>())
        .AddSingleton<MediaFetcher>().AddSingleton<MediaSweeper>().AddSingleton<RemoteFiles>().AddSingleton<OutgoingFiles>().AddSingleton<Ffmpeg>().AddSingleton<Transcoder>();
}
