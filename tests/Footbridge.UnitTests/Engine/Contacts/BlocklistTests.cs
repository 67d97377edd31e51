using Footbridge.Bench.Hostile.Harness;
using Footbridge.Protocol.Xml;

namespace Footbridge.UnitTests.Engine.Contacts;

public sealed class BlocklistTests
{
    [Fact]
    public void A_person_that_the_server_lists_twice_is_blocked_once()
    {
        var item = Node.Of("item", [("jid", new Jid("200000000000002", JidServer.Lid))]);
        var blocked = 0;
        HostileAccount.Run(new(_ => { }), async account => blocked = (await account.Contacts.Blocklist.GetAsync(CancellationToken.None)).Count,
            _ => Node.Of("iq", [("type", "result")], Node.Of("list", item, item)));
        Assert.Equal(1, blocked);
    }
}
