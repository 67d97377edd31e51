using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Storage;
using Footbridge.Server.Webhooks;
using static Footbridge.Server.Workers.WorkerCallTable;

namespace Footbridge.Server.Workers.Calls;

/// <summary>What is kept: the counterpart of <see cref="RemoteState"/> and <see cref="RemoteWebhooks"/>.</summary>
internal sealed class StateCalls(IAppSource apps, IChatPlaces places, IJobState state, IBookKeeper books, IWebhookSource webhooks) : IWorkerCallSet
{
    public void AddTo(WorkerCallTable table)
    {
        table.Add("app", async (a, ct) => Node(await apps.FindAsync(a.Text(0), ct), WorkerJson.Default.AppRecord));
        table.Add("place", async (a, ct) => Node(await places.FindAsync(a.Text(0), a.Text(1), ct), WorkerJson.Default.Place));
        table.Add("place.recall", async (a, ct) => Node(await places.RecallAsync(a.Text(0), a.Text(1), ct), WorkerJson.Default.Place));
        table.Add("place.conversation", async (a, ct) => Node(await places.OfConversationAsync(a.Text(0), a.Number(1), ct), WorkerJson.Default.Place));
        table.Add("place.save", (a, ct) => places.SaveAsync(a.Text(0), a.Text(1), a.Read(2, WorkerJson.Default.Place), ct));
        table.Add("place.picture", (a, ct) => places.SetPictureAsync(a.Text(0), a.Text(1), a.Read(2, WorkerJson.Default.PictureMark), ct));
        table.Add("place.forget", (a, ct) => places.ForgetAsync(a.Text(0), a.Text(1), ct));
        table.Add("contact.forget", (a, ct) => places.ForgetContactAsync(a.Text(0), a.Number(1), a.NumberOrNull(2), ct));
        table.Add("message.whatsapp", async (a, ct) => Node(await state.ByWhatsAppAsync(a.Text(0), a.Text(1), ct), WorkerJson.Default.MappedMessage));
        table.Add("message.chatwoot", async (a, ct) => Node([.. await state.ByChatwootAsync(a.Text(0), a.Number(1), a.Number(2), ct)], WorkerJson.Default.ListMappedMessage));
        table.Add("message.last", async (a, ct) => await state.LastPostedAsync(a.Text(0), a.Number(1), ct));
        table.Add("message.incoming", async (a, ct) => Node([.. await state.IncomingAsync(a.Text(0), a.Number(1), (a.Number(2), a.Number(3)), (int)a.Number(4), ct)], WorkerJson.Default.ListString));
        table.Add("message.save", (a, ct) => state.SaveMessageAsync(a.Text(0), a.Read(1, WorkerJson.Default.MappedMessage), ct));
        table.Add("message.ack", (a, ct) => state.SetAckAsync(a.Text(0), a.Text(1), (int)a.Number(2), ct));
        table.Add("message.sent", (a, ct) => state.MarkSentAsync(a.Text(0), a.Text(1), ct));
        table.Add("message.failed", (a, ct) => state.MarkFailedAsync(a.Text(0), a.Text(1), a.Number(2), a.Number(3), ct));
        table.Add("message.sweep", async (a, ct) => await state.SweepMessagesAsync(a.Text(0), ct));
        table.Add("message.receipt", async (a, ct) => Node(await state.AddReceiptAsync(a.Text(0), a.Text(1), a.Text(2), (int)a.Number(3), ct), WorkerJson.Default.GroupReceipts));
        table.Add("change.note", (a, ct) => state.NoteChangeAsync(a.Text(0), a.Text(1), a.Text(2), ct));
        table.Add("change.latest", async (a, ct) => await state.LatestChangeAsync(a.Text(0), a.Text(1), ct));
        table.Add("delivery", (a, ct) => state.AcceptAsync(a.Read(0, WorkerJson.Default.Delivery), ct));
        table.Add("books", (a, ct) => books.WriteAsync(a.Read(0, WorkerJson.Default.ListBookEntry), ct));
        table.Add("webhook", async (a, ct) => Node(await webhooks.FindAsync(a.Text(0), a.Text(1), ct), WorkerJson.Default.Webhook));
    }
}
