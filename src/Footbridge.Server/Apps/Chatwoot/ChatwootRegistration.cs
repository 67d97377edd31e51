using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Commands;
using Footbridge.Server.Apps.Chatwoot.FromWhatsApp;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.Reconcile;
using Footbridge.Server.Apps.Chatwoot.Scheduled;
using Footbridge.Server.Apps.Chatwoot.Setup;
using Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Tasks;
using Footbridge.Server.Apps.Chatwoot.Tasks.Database;
using Footbridge.Server.Apps.Chatwoot.ToWhatsApp;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;
using Footbridge.Server.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>The ChatWoot app's parts, wired together.</summary>
internal static class ChatwootRegistration
{
    /// <summary>The side that has the database: the app's settings, what comes from Chatwoot, and the comparison with it.</summary>
    public static void AddChatwootApp(this IServiceCollection services)
    {
        services.AddSingleton<AppRegistry>().AddSingleton<ChatwootSetup>().AddSingleton<ChatPlaces>().AddSingleton<ChangeLog>().AddSingleton<TypingMirror>().AddSingleton<MessageMap>();
        services.AddSingleton<WebhookJobs>().AddSingleton(new CallbackOrder(TimeProvider.System)).AddSingleton<HeldCallbacks>().AddSingleton<AgentTyping>().AddSingleton<CallbackDoor>().AddSingleton<IEventConsumer, ChatwootEvents>().AddSingleton<ChatwootSchedules>();
        services.AddSingleton<CallbackWatch>().AddSingleton<CallbackProbe>().AddSingleton<InboxFinder>().AddSingleton<Onboarding>();
        services.AddSingleton<ServerChecks>().AddSingleton<InboxChecks>().AddSingleton<CallbackChecks>().AddSingleton<SessionChecks>().AddSingleton<PlantChecks>().AddSingleton<Doctor>().AddSingleton<DriftWatch>().AddSingleton<IDoctorGate, LocalDoctorGate>();
        services.AddSingleton<PassState>().AddSingleton<FoundMessages>().AddSingleton<LostMessages>().AddSingleton<ChatwootReconciler>();
        services.AddSingleton<IAppSource>(all => all.GetRequiredService<AppRegistry>()).AddSingleton<IChatPlaces>(all => all.GetRequiredService<ChatPlaces>());
        services.AddSingleton<IJobState, LocalJobState>().AddSingleton<ISessionGate, LocalSessionGate>().AddSingleton<CallContents>().AddSingleton<IMessageGate, LocalMessageGate>().AddSingleton<IPeopleGate, LocalPeopleGate>().AddSingleton<IMediaGate, LocalMediaGate>().AddSingleton<IServerGate, LocalServerGate>();
        services.AddSingleton<IPullState, LocalPullState>().AddSingleton<IHistoryGate, LocalHistoryGate>();
    }

    /// <summary>What runs the app's jobs, wherever their state is.</summary>
    public static void AddChatwootJobs(this IServiceCollection services)
    {
        services.AddSingleton<ChatwootHttp>().AddSingleton<ChatwootLimiters>().AddSingleton<ChatwootClients>().AddSingleton<ChatwootApps>();
        services.AddSingleton(all => OpenLocales(all.GetRequiredService<Settings>(), all.GetRequiredService<TimeProvider>(), all.GetRequiredService<ILogger<Locales>>()));
        services.AddSingleton<Queues>().AddSingleton<ChatDirectory>().AddSingleton<ReadMarks>().AddSingleton<Lookback>().AddSingleton<JobErrors>().AddSingleton<ErrorNotes>();
        services.TryAddSingleton<Ffmpeg>();
        services.TryAddSingleton<Transcoder>();
        services.AddSingleton<VoiceCopies>().AddSingleton<MessageFiles>().AddSingleton<NameBook>().AddSingleton<MessageText>().AddSingleton<Converters>().AddSingleton<EntryMarks>().AddSingleton<ChatPoster>().AddSingleton<MessageAnyJob>().AddSingleton<MessageAckJob>().AddSingleton<SessionStatusJob>().AddSingleton<MessageCreatedJob>();
        services.AddSingleton<GroupJob>().AddSingleton<PersonFinder>().AddSingleton<ContactFinder>().AddSingleton<ChatContacts>().AddSingleton<ConversationChoice>().AddSingleton<IntegrationPlace>().AddSingleton<AgentChats>().AddSingleton<Quarantine>().AddSingleton<PictureBudget>().AddSingleton<PictureRounds>().AddSingleton<PictureJob>();
        services.AddSingleton<QuietWindow>().AddSingleton<GroupSizes>().AddSingleton<GroupAckJob>().AddSingleton<PollVoteJob>();
        services.AddSingleton<ChangePoster>().AddSingleton<ReactionJob>().AddSingleton<EditJob>().AddSingleton<RevokeJob>().AddSingleton<CallJob>();
        services.AddSingleton<Recipients>().AddSingleton<Replies>().AddSingleton<EditCommand>().AddSingleton<MessageDeletedJob>();
        services.AddSingleton<CommandJob>().AddSingleton<QueueCommand>().AddSingleton<ServerCommand>().AddSingleton<PullCommands>().AddSingleton<ExamineCommand>().AddSingleton<MessageCleanupJob>().AddSingleton<VersionCheckJob>().AddSingleton<DriftJob>().AddSingleton<ConversationChangedJob>().AddSingleton<NoteJob>();
        services.AddSingleton<PullSteps>().AddSingleton<PullWords>().AddSingleton<PullFailures>().AddSingleton<HistoryTurn>().AddSingleton<DatabaseTurn>().AddSingleton<MessagesPullJob>().AddSingleton<ContactImport>().AddSingleton<ContactsPullJob>();
    }

    private static Locales OpenLocales(Settings settings, TimeProvider time, ILogger<Locales> logger) => new(LocaleFolder.Read(settings.LanguagesFolder, logger), time, logger);

    public static Dictionary<string, JobHandler> Handlers(IServiceProvider services) =>
        Jobs(services).ToDictionary(entry => entry.Key, entry => Traces.Around(Reporting(services.GetRequiredService<ErrorNotes>(), entry.Value)), StringComparer.Ordinal);

    private static JobHandler Reporting(ErrorNotes notes, JobHandler handler) => async (job, ct) =>
    {
        await handler(job, ct);
        await notes.RecoveredAsync(job, ct);
    };

    private static Dictionary<string, JobHandler> Jobs(IServiceProvider services) => new(StringComparer.Ordinal)
    {
        [Queues.MessageAny] = services.GetRequiredService<MessageAnyJob>().RunAsync,
        [Queues.MessageAck] = services.GetRequiredService<MessageAckJob>().RunAsync,
        [Queues.MessageReaction] = services.GetRequiredService<ReactionJob>().RunAsync,
        [Queues.GroupAck] = services.GetRequiredService<GroupAckJob>().RunAsync,
        [Queues.PollVote] = services.GetRequiredService<PollVoteJob>().RunAsync,
        [Queues.MessageEdited] = services.GetRequiredService<EditJob>().RunAsync,
        [Queues.MessageRevoked] = services.GetRequiredService<RevokeJob>().RunAsync,
        [Queues.CallReceived] = services.GetRequiredService<CallJob>().RunAsync,
        [Queues.CallAccepted] = services.GetRequiredService<CallJob>().RunAsync,
        [Queues.CallRejected] = services.GetRequiredService<CallJob>().RunAsync,
        [Queues.Group] = services.GetRequiredService<GroupJob>().RunAsync,
        [Queues.SessionStatus] = services.GetRequiredService<SessionStatusJob>().RunAsync,
        [Queues.MessageCreated] = services.GetRequiredService<MessageCreatedJob>().RunAsync,
        [Queues.MessageUpdated] = services.GetRequiredService<MessageCreatedJob>().RunAsync,
        [Queues.MessageDeleted] = services.GetRequiredService<MessageDeletedJob>().RunAsync,
        [Queues.Commands] = services.GetRequiredService<CommandJob>().RunAsync,
        [Queues.ConversationCreated] = services.GetRequiredService<ConversationChangedJob>().RunAsync,
        [Queues.ConversationStatus] = services.GetRequiredService<ConversationChangedJob>().RunAsync,
        [Queues.ContactPicture] = services.GetRequiredService<PictureJob>().RunAsync,
        [Queues.Cleanup] = services.GetRequiredService<MessageCleanupJob>().RunAsync,
        [Queues.CheckVersion] = services.GetRequiredService<VersionCheckJob>().RunAsync,
        [Queues.ContactsPull] = services.GetRequiredService<ContactsPullJob>().RunAsync,
        [Queues.MessagesPull] = services.GetRequiredService<MessagesPullJob>().RunAsync,
        [Queues.Drift] = services.GetRequiredService<DriftJob>().RunAsync,
        [Queues.Notes] = services.GetRequiredService<NoteJob>().RunAsync,
    };
}
