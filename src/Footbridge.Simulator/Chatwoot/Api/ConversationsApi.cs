using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.Simulator.Chatwoot.Api;

/// <summary>Conversations of the account.</summary>
internal sealed class ConversationsApi(SimStore store, Desk desk)
{
    private const int PageSize = 25;
    private static readonly string[] Statuses = ["open", "resolved", "pending", "snoozed"];

    public void Map(IEndpointRouteBuilder web)
    {
        var account = web.MapGroup("/api/v1/accounts/{account:long}/conversations");
        account.MapGet("", List);
        account.MapPost("", Create);
        account.MapGet("/{id:long}", (long id) => store.Read((_, _) => Shapes.Conversation(Conversation(id))));
        account.MapDelete("/{id:long}", Delete);
        account.MapPost("/{id:long}/toggle_status", ToggleStatus);
        account.MapPost("/{id:long}/custom_attributes", SetAttributes);
        account.MapGet("/{id:long}/labels", (long id) => new JsonObject { ["payload"] = Shapes.LabelsOf(Conversation(id)) });
        account.MapPost("/{id:long}/labels", SetLabels);
        account.MapPost("/{id:long}/update_last_seen", (long id) => store.Read((_, _) => Shapes.Conversation(Conversation(id))));
        account.MapPost("/{id:long}/toggle_typing_status", (long id) => Conversation(id) is not null ? Results.Ok() : Results.NotFound());
    }

    private SimConversation Conversation(long id) => store.Read((_, conversations) => conversations.GetValueOrDefault(id)) ?? throw SimRefusal.NotFound();

    private JsonObject List(string? status, long? inbox_id, string? source_id, int? page)
    {
        var found = store.Read((_, conversations) => conversations.Values
            .Where(c => (status ?? "open") == "all" || c.Status == (status ?? "open"))
            .Where(c => (inbox_id is null || c.InboxId == inbox_id) && (source_id is null || c.SourceId == source_id))
            .OrderByDescending(c => c.LastActivityAt).ThenByDescending(c => c.Id).Select(Shapes.Conversation).ToList());
        return new()
        {
            ["data"] = new JsonObject
            {
                ["meta"] = new JsonObject { ["mine_count"] = 0, ["assigned_count"] = 0, ["unassigned_count"] = found.Count, ["all_count"] = found.Count },
                ["payload"] = new JsonArray([.. found.Skip(((page ?? 1) - 1) * PageSize).Take(PageSize)]),
            },
        };
    }

    /// <summary>Without a source id a new place in the inbox is made at every call.</summary>
    private JsonObject Create(JsonObject body)
    {
        var inbox = store.FindInbox(body["inbox_id"]?.GetValue<long>() ?? 0) ?? throw SimRefusal.NotFound();
        var contact = store.Read((contacts, _) => contacts.GetValueOrDefault(body["contact_id"]?.GetValue<long>() ?? 0)) ?? throw SimRefusal.NotFound();
        var source = body["source_id"]?.ToString();
        if (source is not null && store.ByLink(inbox.Id, source) is { } owner && owner != contact) throw new SimRefusal(422, "source_id should be unique");
        var status = body["status"]?.ToString();
        if (status is not null && !Statuses.Contains(status)) throw new SimRefusal(500, "Internal Server Error");
        var (conversation, _) = desk.Open(contact, inbox, store.Link(contact, inbox.Id, source), status);
        if (body["message"] is JsonObject message) desk.Add(conversation.Id, message, [], isFromAgent: false);
        return store.Read((_, _) => Shapes.Conversation(conversation));
    }

    private IResult Delete(long id, HttpRequest request)
    {
        SimAccess.RequireAdministrator(request);
        store.RemoveConversation(Conversation(id));
        return Results.Ok();
    }

    private JsonObject ToggleStatus(long id, JsonObject? body)
    {
        var conversation = Conversation(id);
        var wanted = body?["status"]?.ToString() ?? (conversation.Status == "open" ? "resolved" : "open");
        if (!Statuses.Contains(wanted)) throw new SimRefusal(500, "Internal Server Error");
        _ = desk.SetStatusAsync(conversation, wanted);
        return new() { ["payload"] = new JsonObject { ["success"] = true, ["conversation_id"] = id, ["current_status"] = conversation.Status, ["snoozed_until"] = null } };
    }

    /// <summary>Replaces all of them, unlike a contact's.</summary>
    private JsonObject SetAttributes(long id, JsonObject body)
    {
        var conversation = Conversation(id);
        _ = desk.AttributesAsync(conversation, (JsonObject?)body["custom_attributes"]?.DeepClone() ?? []);
        return new() { ["custom_attributes"] = conversation.CustomAttributes.DeepClone() };
    }

    private JsonObject SetLabels(long id, JsonObject body)
    {
        var conversation = Conversation(id);
        _ = desk.LabelsAsync(conversation, [.. (body["labels"] as JsonArray ?? []).Select(label => label!.ToString())]);
        return new() { ["payload"] = Shapes.LabelsOf(conversation) };
    }
}
