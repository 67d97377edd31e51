using Footbridge.Server.Apps.Chatwoot;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot;

public sealed class QueueSelectorTests
{
    [Theory]
    [InlineData("inbox", "chatwoot.inbox |")]
    [InlineData("waha", "chatwoot.waha |")]
    [InlineData("whatsapp", "chatwoot.waha |")]
    [InlineData("WhatsApp", "chatwoot.waha |")]
    [InlineData("scheduled", "chatwoot.scheduled |")]
    [InlineData("task", "chatwoot.task |")]
    [InlineData("all", "chatwoot.")]
    [InlineData("", "chatwoot.")]
    public void A_group_means_all_its_queues(string name, string prefix) =>
        Assert.Equal(Queues.All.Where(queue => queue.StartsWith(prefix, StringComparison.Ordinal)), QueueSelector.Select(name));

    [Theory]
    [InlineData("message.any", Queues.MessageAny)]
    [InlineData("messagecreated", Queues.MessageCreated)]
    [InlineData("message_created", Queues.MessageCreated)]
    [InlineData("whatsapp | message.ack", Queues.MessageAck)]
    [InlineData("chatwoot.waha  |  message.ack", Queues.MessageAck)]
    [InlineData("inbox | message_updated", Queues.MessageUpdated)]
    public void A_queue_is_found_by_its_short_and_its_full_name(string name, string queue) => Assert.Equal([queue], QueueSelector.Select(name));

    [Fact]
    public void A_name_nobody_has_is_refused()
    {
        var refused = Assert.Throws<UnknownQueueException>(() => QueueSelector.Select("messages"));
        Assert.Equal("messages", refused.Name);
        Assert.Empty(refused.Candidates);
    }

    [Fact]
    public void Those_that_may_be_held_come_first_and_then_inbox_whatsapp_task_scheduled()
    {
        Assert.Equal(
            ["inbox | conversation_created", "inbox | conversation_status_changed", "inbox | message_created", "inbox | message_deleted", "inbox | message_updated",
             "whatsapp | call.accepted", "whatsapp | call.received", "whatsapp | call.rejected", "whatsapp | group.v2", "whatsapp | message.ack", "whatsapp | message.ack.group", "whatsapp | message.any",
             "whatsapp | message.edited", "whatsapp | message.reaction", "whatsapp | message.revoked", "whatsapp | poll.vote", "task | contact.picture", "scheduled | check.version", "inbox | commands", "whatsapp | session.status", "task | contacts.pull", "task | error.note", "task | messages.pull", "scheduled | check.connection", "scheduled | message.cleanup"],
            Queues.All.Select(Queues.ShownName));
        Assert.Equal(7, Queues.All.Count(Queues.IsLocked));
    }
}
