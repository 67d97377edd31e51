using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Footbridge.Server.Apps;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Storage;
using Footbridge.Server.Webhooks;

namespace Footbridge.Server.Workers;

/// <summary>What travels between a worker and the process that has the database. Both run the same version, so the shapes are our own.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AppRecord))]
[JsonSerializable(typeof(MappedMessage))]
[JsonSerializable(typeof(List<MappedMessage>))]
[JsonSerializable(typeof(Place))]
[JsonSerializable(typeof(PictureMark))]
[JsonSerializable(typeof(PictureFile))]
[JsonSerializable(typeof(GroupReceipts))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(LinkAddress))]
[JsonSerializable(typeof(Webhook))]
[JsonSerializable(typeof(Delivery))]
[JsonSerializable(typeof(List<BookEntry>))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(SendCall))]
[JsonSerializable(typeof(ServerView))]
[JsonSerializable(typeof(PullRow))]
[JsonSerializable(typeof(PullChange))]
[JsonSerializable(typeof(List<HistoryMessage>))]
[JsonSerializable(typeof(List<HistoryContact>))]
[JsonSerializable(typeof(JsonArray))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(long?))]
[JsonSerializable(typeof(string))]
internal sealed partial class WorkerJson : JsonSerializerContext;
