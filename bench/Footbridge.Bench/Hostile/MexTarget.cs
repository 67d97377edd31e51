using System.Text;
using Footbridge.Bench.Hostile.Harness;
using Footbridge.Engine.Connection;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.Bench.Hostile;

/// <summary>Answers and notifications in WhatsApp's GraphQL.</summary>
internal static class MexTarget
{
    private const string Channel =
        """
        {"id":"120363000000000009@newsletter","state":{"type":"ACTIVE"},"thread_metadata":{"name":{"text":"News ✓"},"description":{"text":"about"},"invite":"abc","subscribers_count":"42",
        "verification":"VERIFIED","picture":{"direct_path":"/p"},"preview":{"direct_path":"/q"}},"viewer_metadata":{"role":"SUBSCRIBER","mute":"ON"}}
        """;

    private static readonly Jid Id = new("120363000000000009", JidServer.Newsletter);

    private static readonly string[] Samples =
    [
        """{"data":{"xwa2_newsletter":CHANNEL,"xwa2_newsletter_subscribed":[CHANNEL]}}""",
        """{"data":{"xwa2_newsletters_directory_search":{"page_info":{"startCursor":"a","endCursor":"b","hasNextPage":true,"hasPreviousPage":false},"result":[CHANNEL]}}}""",
        """{"data":{"xwa2_notify_newsletter_on_join":CHANNEL,"xwa2_notify_newsletter_on_mute_change":{"id":"120363000000000009@newsletter","mute":"OFF"}}}""",
        """{"data":{"xwa2_newsletter":{"result":{"id":"1@newsletter","thread_metadata":{"image":{"direct_path":"/i"}}}}},"errors":[]}""",
        """{"errors":[{"message":"no such document","extensions":{"error_code":400}}],"data":null}""",
    ];

    public static HostileTarget Create(int seed)
    {
        var store = new HostileStore(_ => { });
        return new("GraphQL answers", new(seed, [.. Samples.Select(s => Encoding.UTF8.GetBytes(s.Replace("CHANNEL", Channel, StringComparison.Ordinal)))], Special, JsonMutator.Mutate), input => Parse(store, input));
    }

    private static object? Parse(HostileStore store, byte[] input)
    {
        var answer = Node.Of("iq", [("type", "result")], Node.OfBytes("result", [("format", "json")], input));
        var accepted = 0;
        HostileAccount.Run(store, async account =>
        {
            await account.TakeAsync(Node.Of("notification", [("type", "mex"), ("id", "1"), ("from", Id), ("t", 1)], Node.OfBytes("update", input)));
            accepted += await TryAsync(account.Channels.GetAsync(Id, CancellationToken.None));
            accepted += await TryAsync(account.Channels.ListAsync(CancellationToken.None));
            accepted += await TryAsync(account.Channels.SearchAsync("news", new([], 10, null), CancellationToken.None));
        }, _ => answer);
        return accepted > 0 || store.Events.Count > 0 ? store : null;
    }

    private static async Task<int> TryAsync(Task asking)
    {
        try
        {
            await asking;
            return 1;
        }
        catch (Exception e) when (e is ProtocolException or QueryFailedException)
        {
            return 0;
        }
    }

    private static byte[] Special(Random random) => random.Next(3) switch
    {
        0 => Encoding.UTF8.GetBytes("{\"data\":" + string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? "[" : "{\"a\":", random.Next(1, 5000)))),
        1 => Encoding.UTF8.GetBytes("{\"data\":{\"xwa2_newsletter_subscribed\":[" + string.Join(',', Enumerable.Repeat("{}", random.Next(5000))) + "]}}"),
        _ => [.. "{\"data\":{\"xwa2_newsletter\":{\"id\":\""u8, 0xC3, (byte)random.Next(256), .. "\"}}}"u8],
    };
}
