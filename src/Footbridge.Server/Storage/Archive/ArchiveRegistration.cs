namespace Footbridge.Server.Storage.Archive;

/// <summary>The archive's parts, wired together.</summary>
internal static class ArchiveRegistration
{
    public static void AddArchive(this IServiceCollection services) => services.AddSingleton<MessageArchive>().AddSingleton<ChatArchive>()
        .AddSingleton<IMessageArchive>(all => all.GetRequiredService<MessageArchive>()).AddSingleton<IEventProjection, ArchiveWriter>()
        .AddSingleton<HistoryReader>().AddSingleton<HistoryArrivals>().AddSingleton<IEventProjection>(all => all.GetRequiredService<HistoryArrivals>());
}
